using System.Globalization;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Kernels;

/// <summary>
/// Deep recursive feature machine (Beaglehole, Súkeník, Mondelli and Belkin, "Average gradient outer product as a mechanism for deep neural collapse", arXiv 2402.13728): layer after layer, rows to unit norm, kernel ridge regression,
/// its average gradient outer product as a metric M, points mapped by M^½, fresh random features of them. Nothing is trained by gradient descent.
/// </summary>
public sealed class DeepRfm
{
    private readonly Tensor<double> _targets;
    private readonly DeepRfmOptions _options;
    private readonly Compute _compute;
    private readonly RandomStream _random;
    private readonly RidgeWorkspace _workspace = new();

    private DeepRfm(Tensor<double> targets, DeepRfmOptions options, Compute compute, RandomStream random) =>
        (_targets, _options, _compute, _random) = (targets, options, compute, random);

    /// <summary>Builds the layers one after another.</summary>
    /// <param name="inputs">n × d, finite; standardised by the caller where that is wanted.</param>
    /// <param name="targets">n × K, finite and not all zero.</param>
    /// <param name="testInputs">m × d, sent through the same layers; null for none.</param>
    /// <param name="options">Layers, features, kernel, ridge, form of the metric.</param>
    /// <param name="compute">Where to compute.</param>
    /// <param name="random">Draws the random features of layer l from its child "layer l", so that more layers change none before.</param>
    /// <param name="visit">Told of every layer with all of it at hand; null for nobody.</param>
    /// <param name="cancellation">Looked at between blocks.</param>
    /// <returns>The maps of all layers.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit, a number is not finite or an option out of range, or the predictor's gradient is zero everywhere, as with targets that are all equal to zero.</exception>
    /// <exception cref="LinearAlgebraException">A kernel matrix plus the ridge is not positive definite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; what was visited stands.</exception>
    public static DeepRfmModel Fit(
        Tensor<double> inputs, Tensor<double> targets, Tensor<double>? testInputs, DeepRfmOptions options, Compute compute, RandomStream random,
        Action<DeepRfmLayer>? visit = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(compute);
        ArgumentNullException.ThrowIfNull(random);
        DeepRfmOptions.Check(options);
        RfmShape.Check(new RfmData(inputs, targets, null), nameof(inputs));
        if (testInputs is not null)
            MatrixGuard.Shape(testInputs.AsMatrix(), testInputs.Rows, inputs.Columns, nameof(testInputs));
        return new DeepRfm(targets, options, compute, random).Build(inputs, testInputs, visit, cancellation);
    }

    private DeepRfmModel Build(Tensor<double> inputs, Tensor<double>? test, Action<DeepRfmLayer>? visit, CancellationToken cancellation)
    {
        List<DeepRfmMap> maps = [];
        Tensor<double> current = inputs;
        for (int index = 1; index <= _options.Layers; index++)
        {
            RandomStream random = _random.Split(string.Create(CultureInfo.InvariantCulture, $"layer {index}"));
            Tensor<double> x = UnitRows(current);
            Tensor<double>? testX = test is null ? null : UnitRows(test);
            (RfmStep step, Convergence[] verdicts, Metric metric) = Learn(x, random.Split("machine"), cancellation);
            RandomFeatureMap features = RandomFeatureMap.Draw(_options.Features, _options.Width, x.Columns, _options.CauchyScale, random.Split("features"));
            Tensor<double> mapped = metric.Map(x.AsMatrix(), _compute);
            current = features.Apply(mapped, _compute);
            visit?.Invoke(new DeepRfmLayer(index) { Input = x, Mapped = mapped, Features = current, Machine = step.Machine, Verdicts = verdicts, TrainOutputs = step.TrainOutputs, Agop = step.Agop(), Root = metric.Root(_compute), TestInput = testX });
            test = testX is null ? null : features.Apply(metric.Map(testX.AsMatrix(), _compute), _compute);
            // W M^½, width × d.
            maps.Add(new DeepRfmMap(metric.Map(features.Weight.AsMatrix(), _compute), features.Phases));
        }
        return new DeepRfmModel(maps, _options.Features, current, _targets);
    }

    private (RfmStep Step, Convergence[] Verdicts, Metric Metric) Learn(Tensor<double> x, RandomStream random, CancellationToken cancellation)
    {
        RfmStep? last = null;
        Convergence[] verdicts = [];
        RfmOptions options = _options.Rfm with { Iterations = _options.Fits - 1, Patience = null };
        RfmOutcome outcome = RecursiveFeatureMachine.Fit(new RfmData(x, _targets, null), null, options, _workspace, _compute, random, step => (last, verdicts) = (step, [.. verdicts, step.Machine.Solution.Convergence]), cancellation);
        cancellation.ThrowIfCancellationRequested();
        if (outcome.Ending == RfmEnding.NotPositiveDefinite)
            throw new LinearAlgebraException(outcome.Message);
        Metric? metric = RecursiveFeatureMachine.Learn(last!, _options.Rfm, _compute);
        return (last!, verdicts, metric ?? throw new ArgumentException("the predictor's gradient is zero at every training point, so that there is no metric to learn; expected targets that are not all zero", nameof(x)));
    }

    /// <summary>A copy with every row divided by its norm; rows of zeros stay.</summary>
    internal static Tensor<double> UnitRows(Tensor<double> rows)
    {
        Tensor<double> unit = rows.Clone();
        for (int i = 0; i < unit.Rows; i++)
        {
            double norm = TensorPrimitives.Norm<double>(unit.Row(i));
            if (norm > 0.0)
                TensorPrimitives.Divide(unit.Row(i), norm, unit.Row(i));
        }
        return unit;
    }
}
