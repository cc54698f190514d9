using System.Numerics.Tensors;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Learning.Training;

/// <summary>Called after an epoch; the state's arrays are the trainer's own, valid and unchanged during the call only.</summary>
/// <param name="progress">Loss and accuracy of the epoch.</param>
/// <param name="state">Parameters and optimiser memory.</param>
public delegate void EpochHook(TrainingProgress progress, TrainingState state);

/// <summary>
/// Minimises an objective plus weight decay. The order of the batches of an epoch depends on the stream's key and the epoch's number only, so a run that was stopped and resumed is the run that never stopped.
/// </summary>
public sealed class Trainer
{
    private readonly TrainingProblem _problem;
    private readonly TrainingOptions _options;
    private readonly RandomStream _batches;
    private readonly BatchPlan _plan;
    private readonly int[] _order;
    private readonly double[] _gradient;
    private readonly RandomStream _noise;
    private readonly bool _plain;

    /// <summary>Creates a trainer.</summary>
    /// <param name="objective">The data loss.</param>
    /// <param name="decay">The regularisation.</param>
    /// <param name="options">Optimiser, epochs, batches, schedule.</param>
    /// <param name="batches">Stream that orders the batches and, in children of their own, draws dropout masks and augmentation; only its key is used.</param>
    /// <exception cref="ArgumentException">An option out of range; L-BFGS with what makes training differ from measuring; or a last batch of one sample where flat features are normalised over the batch.</exception>
    public Trainer(Objective objective, WeightDecay decay, TrainingOptions options, RandomStream batches)
    {
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(decay);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(batches);
        if (options.Epochs < 0)
            throw new ArgumentOutOfRangeException(nameof(options), options.Epochs, "the number of epochs must not be negative");
        if (options.BatchSize < 0)
            throw new ArgumentOutOfRangeException(nameof(options), options.BatchSize, "the batch size must be at least 1, or 0 for all samples at once");
        if (!ReferenceEquals(decay.Network, objective.Network))
            throw new ArgumentException("the weight decay belongs to another network", nameof(decay));
        Optimizer.Create(options.Optimizer, parameterCount: 0);
        options.Schedule.Check();
        bool whole = options.BatchSize == 0 || options.Optimizer is LbfgsOptions;
        _problem = new TrainingProblem(objective, decay);
        _options = options;
        _batches = batches;
        _plan = new BatchPlan(objective.SampleCount, whole ? objective.SampleCount : Math.Min(options.BatchSize, objective.SampleCount));
        if ((long)options.Epochs * _plan.BatchCount > int.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(options), options.Epochs, $"{options.Epochs} epochs of {_plan.BatchCount} batches are more steps than the {int.MaxValue} that can be counted");
        _plain = IsPlain(objective.Network, options);
        RequireTrainable(objective.Network, options, _plain, _plan.Range(_plan.BatchCount - 1).Count);
        _noise = batches.Split("noise");
        _order = [.. Enumerable.Range(0, objective.SampleCount)];
        _gradient = new double[objective.Network.ParameterCount];
    }

    /// <summary>Trains from a state to the last epoch, to cancellation or to divergence.</summary>
    /// <param name="start">Where to start; not modified.</param>
    /// <param name="onEpoch">Called after every epoch, or null.</param>
    /// <param name="cancellation">Checked between steps.</param>
    /// <returns>How and where it ended.</returns>
    /// <exception cref="ArgumentException">The state belongs to another network or optimiser.</exception>
    public TrainingOutcome Run(TrainingState start, EpochHook? onEpoch = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(start);
        if (start.Parameters.Length != _problem.StateLength)
            throw new ArgumentException($"expected {_problem.ParameterCount} parameters and {_problem.StateLength - _problem.ParameterCount} statistics, got {start.Parameters.Length} numbers", nameof(start));
        if (start.Epoch < 0 || start.Batch < 0 || start.Batch >= _plan.BatchCount)
            throw new ArgumentException($"expected an epoch of at least 0 and a batch in 0 … {_plan.BatchCount - 1}, got epoch {start.Epoch}, batch {start.Batch}: the state belongs to another batch size", nameof(start));
        Optimizer optimizer = Optimizer.Create(_options.Optimizer, _problem.ParameterCount);
        if (start.Optimizer.Count > 0)
            optimizer.Restore(start.Optimizer);
        double[] parameters = [.. start.Parameters];
        int batch = start.Batch;
        for (int epoch = start.Epoch; epoch < _options.Epochs; epoch++, batch = 0)
        {
            EpochEnd end = optimizer is LbfgsOptimizer lbfgs ? Iterate(lbfgs, parameters, cancellation) : RunEpoch((StepOptimizer)optimizer, parameters, epoch, batch, cancellation);
            if (end.Status is { } status)
                return new TrainingOutcome(status, State(parameters, optimizer, epoch, end.Batch), Steps(epoch) + end.Batch);
            onEpoch?.Invoke(new TrainingProgress(epoch + 1, _options.Epochs, Steps(epoch + 1), end.Loss, end.Accuracy), State(parameters, optimizer, epoch + 1, 0));
        }
        return new TrainingOutcome(TrainingStatus.Finished, State(parameters, optimizer, Math.Max(start.Epoch, _options.Epochs), 0), Steps(Math.Max(start.Epoch, _options.Epochs)));
    }

    private static TrainingState State(double[] parameters, Optimizer optimizer, int epoch, int batch) =>
        new() { Parameters = parameters, Epoch = epoch, Batch = batch, Optimizer = optimizer.State };

    private int Steps(int epochs) => epochs * _plan.BatchCount;

    private EpochEnd Iterate(LbfgsOptimizer optimizer, double[] parameters, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return EpochEnd.Stopped(TrainingStatus.Interrupted, 0);
        (LossValue value, bool done) = optimizer.Iterate(_problem, parameters);
        if (!double.IsFinite(value.Loss))
            return EpochEnd.Stopped(TrainingStatus.Diverged, 0);
        return new EpochEnd(done ? TrainingStatus.Finished : null, 0, value.Loss, value.Accuracy);
    }

    private EpochEnd RunEpoch(StepOptimizer optimizer, double[] parameters, int epoch, int firstBatch, CancellationToken cancellation)
    {
        bool whole = _plan.BatchCount == 1;
        if (!whole)
            _plan.Shuffle(_order, epoch, _batches);
        double loss = 0.0;
        double accuracy = 0.0;
        int samples = 0;
        for (int batch = firstBatch; batch < _plan.BatchCount; batch++)
        {
            if (cancellation.IsCancellationRequested)
                return EpochEnd.Stopped(TrainingStatus.Interrupted, batch);
            (int start, int count) = _plan.Range(batch);
            LossValue value = StepGradient(parameters, _order.AsSpan(start, count), epoch, batch);
            if (!double.IsFinite(value.Loss))
                return EpochEnd.Stopped(TrainingStatus.Diverged, batch);
            double progress = (Steps(epoch) + batch) / (double)Steps(_options.Epochs);
            optimizer.Step(parameters.AsSpan(0, _gradient.Length), _gradient, _options.Schedule.Factor(progress));
            if (!TensorPrimitives.IsFiniteAll<double>(parameters))
                return EpochEnd.Stopped(TrainingStatus.Diverged, batch);
            loss += value.Loss * count;
            accuracy += value.Accuracy * count;
            samples += count;
        }
        return new EpochEnd(null, 0, loss / samples, accuracy / samples);
    }

    private LossValue StepGradient(double[] state, ReadOnlySpan<int> samples, int epoch, int batch)
    {
        if (!_plain)
            return _problem.TrainingGradient(state, samples, _gradient, new TrainingStep { Random = _noise, Epoch = epoch, Batch = batch, LabelSmoothing = _options.LabelSmoothing, Augmentation = _options.Augmentation });
        return samples.Length == _order.Length ? _problem.Gradient(state, _gradient) : _problem.BatchGradient(state, samples, _gradient);
    }

    private static bool IsPlain(Network network, TrainingOptions options) =>
        options.LabelSmoothing == 0.0 && options.Augmentation is null && !TrainingLayers.AnyIn(network);

    private static void RequireTrainable(Network network, TrainingOptions options, bool plain, int lastBatch)
    {
        TrainingStep.RequireSmoothing(options.LabelSmoothing, nameof(options));
        if (options.Augmentation is not null)
            Augmentation.Check(options.Augmentation, network.InputSize);
        if (!plain && options.Optimizer is LbfgsOptions)
            throw new ArgumentException("L-BFGS needs one fixed function: it cannot train with batch normalisation, dropout, label smoothing or augmentation; use SGD or Adam", nameof(options));
        if (lastBatch < TrainingLayers.SmallestBatch(network))
            throw new ArgumentException($"the last batch of an epoch would hold {lastBatch} sample, and batch normalisation of flat features needs at least 2: choose another batch size", nameof(options));
    }

    /// <summary>How an epoch ended: null when training goes on.</summary>
    private readonly record struct EpochEnd(TrainingStatus? Status, int Batch, double Loss, double Accuracy)
    {
        public static EpochEnd Stopped(TrainingStatus status, int batch) => new(status, batch, double.NaN, double.NaN);
    }
}
