using System.Globalization;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Runs;

/// <summary>Everything measured of an unconstrained feature model at one point along the descent.</summary>
/// <param name="Snapshot">Features and weights.</param>
/// <param name="Weights">The weights on features held fixed, measured as any network is.</param>
/// <param name="Structure">What the theorems speak of, layer by layer.</param>
internal sealed record MeasuredPoint(Snapshot Snapshot, MeasuredSnapshot Weights, IReadOnlyList<UfmStructureReport> Structure);

/// <summary>Everything measured at the end.</summary>
/// <param name="Point">What is measured along the descent too.</param>
/// <param name="Joint">Features and weights linearised together.</param>
/// <param name="Objective">Spectra of the whole objective, decay included.</param>
internal sealed record MeasuredUfm(MeasuredPoint Point, Linearization Joint, IReadOnlyList<MeasuredSpectrum> Objective);

/// <summary>
/// Measures points of an unconstrained feature model. The weights are measured as those of any network, with the features as its data; the spectra of the objective are those of
/// the joint network plus the decay.
/// </summary>
internal sealed class UfmMeasurement(UfmPlan plan, Objective joint, RandomStream random, Action<RunProgress> progress, CancellationToken cancellation)
{
    private const string Hessian = "hessian";

    /// <summary>Features and weights at the start; null where nobody knows them.</summary>
    public double[]? Initial { get; init; }

    private Compute Compute => joint.Compute;

    /// <summary>The whole measurement.</summary>
    public MeasuredUfm MeasureFinal(Snapshot snapshot)
    {
        MeasuredPoint point = Measure(snapshot, static (measurement, weights) => measurement.MeasureFinal(weights));
        Linearization linearization = joint.Linearize(snapshot.Parameters);
        List<MeasuredSpectrum> objective = [];
        foreach ((string scope, LinearOperator operand) in ObjectiveHessians(linearization))
        {
            if (cancellation.IsCancellationRequested)
                break;
            objective.Add(Solve(scope, operand));
        }
        return new MeasuredUfm(point, linearization, objective);
    }

    /// <summary>A measurement along the descent.</summary>
    public MeasuredPoint MeasureShort(Snapshot snapshot) => Measure(snapshot, static (measurement, weights) => measurement.MeasureShort(weights));

    /// <summary>The point of a trajectory: the numbers of the weights, with the loss and gradient of the whole model.</summary>
    public TrajectoryPoint Summarize(MeasuredPoint point, MeasuredPoint? previous)
    {
        double[] parameters = point.Snapshot.Parameters;
        double[] gradient = new double[parameters.Length];
        LossValue value = joint.Gradient(parameters, gradient);
        return Network(point.Weights.Linearization.Objective).Summarize(point.Weights, previous?.Weights) with
        {
            Loss = value.Loss + plan.Decay.Penalty(parameters),
            GradientNorm = NetworkMeasurement.Norm(gradient),
            Structure = [.. point.Structure.Select(static layer => layer with { GradientCoefficients = null })],
        };
    }

    private MeasuredPoint Measure(Snapshot snapshot, Func<NetworkMeasurement, Snapshot, MeasuredSnapshot> measure)
    {
        MeasuredSnapshot weights = measure(Network(OnFixedFeatures(snapshot)), snapshot with { Parameters = snapshot.Parameters[plan.FeatureEntries..] });
        UfmStructure structure = new(plan, Compute, weights.Linearization, weights.Spectra, snapshot.Parameters);
        return new MeasuredPoint(snapshot, weights, structure.Measure(cancellation));
    }

    // The features become the data of a network of weights alone; nothing measured of it knows that they were trained.
    private Objective OnFixedFeatures(Snapshot snapshot)
    {
        Tensor<double> features = new(snapshot.Parameters.AsSpan(0, plan.FeatureEntries).ToArray(), plan.Samples, plan.Options.Width);
        if (plan.Options.RectifiedFeatures)
            System.Numerics.Tensors.TensorPrimitives.Max(features.Span, 0.0, features.Span);
        return Objective.Create(plan.Weights, features, plan.Labels, plan.Loss, Compute, new ObjectiveOptions { Precision = plan.Precision });
    }

    private NetworkMeasurement Network(Objective weights) => new(plan.Measurement, weights, Compute, random.Split("weights"), progress, cancellation) { Initial = Initial?[plan.FeatureEntries..] };

    private IEnumerable<(string Scope, LinearOperator Operand)> ObjectiveHessians(Linearization linearization)
    {
        double[] decay = DecayDiagonal();
        LinearOperator whole = linearization.Hessian().Add(new DiagonalOperator(decay));
        ParameterBlock features = plan.Joint.Blocks[0];
        yield return ("all", whole.Restrict(plan.FeatureEntries, plan.Joint.ParameterCount - plan.FeatureEntries));
        yield return ("all+features", whole);
        yield return (features.Name, linearization.Hessian(features.Name).Add(new DiagonalOperator(decay.AsSpan(features.Offset, features.Length))));
    }

    private MeasuredSpectrum Solve(string scope, LinearOperator operand)
    {
        progress(new RunProgress("measuring", 1.0, string.Create(CultureInfo.InvariantCulture, $"{Hessian} of the objective, {scope}")));
        EigenOptions options = new() { Top = plan.Measurement.Pairs, BlockSize = plan.Measurement.BlockSize, Bottom = plan.Options.Bottom, Tolerance = plan.Tolerance };
        MeasuredSpectrum measured = new SpectrumMeasurement(Compute, random.Split("objective"), plan.Samples, includesWeightDecay: true, cancellation).Measure(Hessian, scope, operand, options);
        return measured;
    }

    private double[] DecayDiagonal()
    {
        double[] diagonal = new double[plan.Joint.ParameterCount];
        foreach (ParameterBlock block in plan.Joint.Blocks)
            diagonal.AsSpan(block.Offset, block.Length).Fill(plan.Decay.Coefficient(block));
        return diagonal;
    }
}
