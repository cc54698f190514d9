using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Kernels;

/// <summary>
/// Recursive feature machine (Radhakrishnan et al., "Mechanism for feature learning in neural networks and backpropagation-free machine learning models", Science 2024): kernel ridge regression with a metric M, starting at I;
/// M becomes the average gradient outer product of the predictor at its training points, in the form asked for, and so on.
/// </summary>
public sealed class RecursiveFeatureMachine
{
    // From 64 MB of points on, mapped copies and blocks of the step before are garbage worth collecting at once: left to itself the collector lets several steps' worth pile up, gigabytes beyond the memory that was asked for.
    private const int LargeEntries = 1 << 23;

    private readonly RfmData _train;
    private readonly RfmData? _validation;
    private readonly RfmOptions _options;
    private readonly Compute _compute;
    private readonly RandomStream _random;
    private readonly RidgeWorkspace _workspace;
    private readonly List<RfmIteration> _iterations = [];
    private KernelMachine? _best;
    private int _bestIndex;

    private RecursiveFeatureMachine(RfmData train, RfmData? validation, RfmOptions options, RidgeWorkspace workspace, Compute compute, RandomStream random) =>
        (_train, _validation, _options, _workspace, _compute, _random) = (train, validation, options, workspace, compute, random);

    /// <summary>Fits.</summary>
    /// <param name="train">Training points, n × d, and targets, n × K; finite.</param>
    /// <param name="validation">Points that decide which iteration is the best, and when to stop; null for none: the last is.</param>
    /// <param name="options">Kernel, ridge, iterations, form of the metric.</param>
    /// <param name="compute">Where to compute.</param>
    /// <param name="random">Draws landmarks where conjugate gradients are needed.</param>
    /// <param name="visit">Told of every iteration with its machine at hand; null for nobody.</param>
    /// <param name="cancellation">Looked at between blocks: the iterations that were complete stand.</param>
    /// <returns>The outcome.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit, a number is not finite, an option is out of range, or patience is asked for without validation points.</exception>
    /// <exception cref="LinearAlgebraException">Already with M = I, the kernel matrix plus the ridge is not positive definite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the first machine was fitted.</exception>
    public static RfmOutcome Fit(
        RfmData train, RfmData? validation, RfmOptions options, Compute compute, RandomStream random, Action<RfmStep>? visit = null, CancellationToken cancellation = default) =>
        Fit(train, validation, options, new RidgeWorkspace(), compute, random, visit, cancellation);

    /// <summary>The same with the large arrays of an earlier fit.</summary>
    internal static RfmOutcome Fit(
        RfmData train, RfmData? validation, RfmOptions options, RidgeWorkspace workspace, Compute compute, RandomStream random, Action<RfmStep>? visit, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(compute);
        ArgumentNullException.ThrowIfNull(random);
        RfmOptions.Check(options);
        if (options.Patience is not null && validation is null)
            throw new ArgumentException("patience needs validation points to judge by; give some, or leave patience out", nameof(options));
        RfmShape.Check(train, nameof(train));
        if (validation is not null)
            RfmShape.Check(validation, nameof(validation), train);
        return new RecursiveFeatureMachine(train, validation, options, workspace, compute, random).Run(visit, cancellation);
    }

    private RfmOutcome Run(Action<RfmStep>? visit, CancellationToken cancellation)
    {
        Metric? metric = Metric.Identity(_train.Points.Columns);
        try
        {
            for (int t = 0; t <= _options.Iterations; t++)
            {
                RfmStep step = Step(t, metric, cancellation);
                visit?.Invoke(step);
                if (_options.Patience is { } patience && t - _bestIndex >= patience)
                    return Outcome(RfmEnding.StoppedEarly, $"the validation error has not improved since iteration {_bestIndex}");
                if (t == _options.Iterations)
                    break;
                metric = Learn(step, _options, _compute);
                if (metric is null)
                    return Outcome(RfmEnding.ZeroGradient, $"the gradient is zero at every training point after iteration {t}: there is no metric to learn");
            }
            return Outcome(RfmEnding.Finished, $"all {_options.Iterations} iterations were made");
        }
        catch (OperationCanceledException) when (_best is not null)
        {
            return Outcome(RfmEnding.Interrupted, $"interrupted after iteration {_iterations.Count - 1}");
        }
        catch (LinearAlgebraException failure) when (_best is not null)
        {
            return Outcome(RfmEnding.NotPositiveDefinite, $"iteration {_iterations.Count} could not be solved: {failure.Message}");
        }
    }

    /// <summary>The metric that a step's gradients give, or null when they are all zero.</summary>
    internal static Metric? Learn(RfmStep step, RfmOptions options, Compute compute)
    {
        Tensor<double> matrix = options.Form.Of(step.Agop(), compute);
        double[] diagonal = [.. Enumerable.Range(0, matrix.Rows).Select(i => Math.Max(0.0, matrix[i, i]))];
        if (diagonal.All(static entry => entry == 0.0))
            return null;
        return options.Metric == MetricKind.Diagonal ? Metric.Diagonal(diagonal) : Metric.Full(matrix);
    }

    private RfmStep Step(int index, Metric metric, CancellationToken cancellation)
    {
        if (_train.Points.Length >= LargeEntries)
            GC.Collect();
        RandomStream random = _random.Split(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"iteration {index}"));
        KernelMachine machine = KernelMachine.Fit(_train.Points, _train.Targets, _options.Kernel, metric, _options.Ridge, _workspace, _compute, random, cancellation);
        Tensor<double> fitted = machine.Predict(_train.Points.AsMatrix(), cancellation);
        Tensor<double>? outputs = _validation is null ? null : machine.Predict(_validation.Points.AsMatrix(), cancellation);
        RfmIteration scores = new()
        {
            Index = index,
            TrainLoss = SquaredError(fitted, _train.Targets),
            TrainAccuracy = Accuracy(fitted, _train.Labels),
            ValidationLoss = outputs is null ? null : SquaredError(outputs, _validation!.Targets),
            ValidationAccuracy = outputs is null ? null : Accuracy(outputs, _validation!.Labels),
        };
        _iterations.Add(scores);
        if (_best is null || scores.ValidationLoss is null || scores.ValidationLoss < _iterations[_bestIndex].ValidationLoss)
            (_best, _bestIndex) = (machine, index);
        return new RfmStep(scores, machine, fitted, outputs, cancellation);
    }

    private RfmOutcome Outcome(RfmEnding ending, string message) => new(_best!, _bestIndex, _iterations, ending, message);

    private static double SquaredError(Tensor<double> outputs, Tensor<double> targets)
    {
        double distance = TensorPrimitives.Distance<double>(outputs.Span, targets.Span);
        return 0.5 * distance * distance / targets.Rows;
    }

    private static double? Accuracy(Tensor<double> outputs, int[]? labels)
    {
        if (labels is null)
            return null;
        int right = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            if (TensorPrimitives.IndexOfMax<double>(outputs.Row(i)) == labels[i])
                right++;
        }
        return right / (double)labels.Length;
    }
}
