using Eigenscope.Learning.Data;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Derivatives;

/// <summary>
/// The data loss of a network over samples, Σ_i w_i ℓ(f(x_i; θ), y_i), as a function of its flat parameter vector θ. Parameters and gradients are double at this border whatever the precision inside.
/// Not safe for use from several threads at once: it works in parallel by itself.
/// </summary>
public abstract class Objective
{
    private protected Objective(Network network, SampleSource source, Loss loss, Compute compute, ObjectiveOptions options)
    {
        Network = network;
        Source = source;
        Loss = loss;
        Compute = compute;
        Options = options;
        Weighting = new SampleWeighting(options.SampleWeights, source.SampleCount);
    }

    /// <summary>The network.</summary>
    public Network Network { get; }

    /// <summary>The samples.</summary>
    public SampleSource Source { get; }

    /// <summary>The loss of one sample.</summary>
    public Loss Loss { get; }

    /// <summary>How it computes.</summary>
    public ObjectiveOptions Options { get; }

    /// <summary>Where it computes.</summary>
    public Compute Compute { get; }

    /// <summary>Samples of one slice: no more than a part's share, but room for a small batch that goes to one part whole.</summary>
    internal abstract int SliceCapacity { get; }

    /// <summary>N.</summary>
    public int SampleCount => Source.SampleCount;

    /// <summary>w_i, N of them.</summary>
    public IReadOnlyList<double> SampleWeights => Weighting;

    private protected SampleWeighting Weighting { get; }

    /// <summary>Creates the data loss of a network over samples.</summary>
    /// <param name="network">The network.</param>
    /// <param name="inputs">Samples, N × (anything with the network's input size in total).</param>
    /// <param name="labels">N classes, 0 … outputs − 1.</param>
    /// <param name="loss">The loss of one sample.</param>
    /// <param name="compute">Where to compute.</param>
    /// <param name="options">Precision, slicing, budgets, weights.</param>
    /// <returns>The objective.</returns>
    /// <exception cref="ArgumentException">Shapes that do not fit, a label out of range, a weight that is negative or not finite, or an option out of range.</exception>
    public static Objective Create(Network network, Tensor<double> inputs, IReadOnlyList<int> labels, Loss loss, Compute compute, ObjectiveOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(options);
        if (inputs.Rows < 1 || inputs.Columns != network.InputSize)
            throw new ArgumentException($"expected at least one sample of {network.InputSize} entries, got {inputs.Rows} of {inputs.Columns}", nameof(inputs));
        int[] classes = [.. labels];
        return Create(network, options.Precision == Precision.Float32 ? new InMemorySource("samples", inputs.Convert<float>(), classes) : new InMemorySource("samples", inputs, classes), loss, compute, options);
    }

    /// <summary>Creates the data loss of a network over a source of samples. Products over a source that is not in memory take memory that does not grow with N, once activations exceed <see cref="ObjectiveOptions.ActivationBudget"/>.</summary>
    /// <param name="network">The network.</param>
    /// <param name="source">The samples, each of the network's input size; must stay usable as long as the objective.</param>
    /// <param name="loss">The loss of one sample.</param>
    /// <param name="compute">Where to compute.</param>
    /// <param name="options">Precision, slicing, budgets, weights.</param>
    /// <returns>The objective. Whatever it computes throws <see cref="DataException"/> where the source fails.</returns>
    /// <exception cref="DataException">The samples of a network that begins with a table of features, which are read here, cannot be read.</exception>
    /// <exception cref="ArgumentException">Sizes that do not fit, a label in memory out of range, a weight that is negative or not finite, or an option out of range.</exception>
    public static Objective Create(Network network, SampleSource source, Loss loss, Compute compute, ObjectiveOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(compute);
        ArgumentNullException.ThrowIfNull(options);
        if (source.SampleSize != network.InputSize)
            throw new ArgumentException($"expected samples of {network.InputSize} entries, got {source.SampleSize}", nameof(source));
        int labels = loss.LabelCount(network.OutputSize);
        if (source is InMemorySource memory)
            RequireLabels(memory.Labels, labels);
        if (network.Layers[0] is FeatureTableLayer table)
            RequireIndices(table, source);
        CheckOptions(options, source.SampleCount);
        return options.Precision switch
        {
            Precision.Float32 => new TypedObjective<float>(network, source, loss, compute, options),
            Precision.Float64 => new TypedObjective<double>(network, source, loss, compute, options),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Precision, "expected Float32 or Float64"),
        };
    }

    /// <summary>The loss and accuracy at <paramref name="parameters"/>.</summary>
    /// <param name="parameters">The network's state: p parameters, then its statistics.</param>
    /// <returns>Loss and accuracy over all samples.</returns>
    public abstract LossValue Evaluate(ReadOnlySpan<double> parameters);

    /// <summary>The loss, accuracy and gradient at <paramref name="parameters"/>.</summary>
    /// <param name="parameters">The network's state: p parameters, then its statistics.</param>
    /// <param name="gradient">p entries, overwritten with ∂/∂θ Σ w_i ℓ_i.</param>
    /// <returns>Loss and accuracy over all samples.</returns>
    public abstract LossValue Gradient(ReadOnlySpan<double> parameters, Span<double> gradient);

    /// <summary>
    /// The loss, accuracy and gradient over a batch of b samples, each with weight w_i N / b: an unbiased estimate of the whole, and with the default weights the mean over the batch, a short last batch included.
    /// </summary>
    /// <param name="parameters">The network's state: p parameters, then its statistics.</param>
    /// <param name="samples">Indices of the samples; at least one.</param>
    /// <param name="gradient">p entries, overwritten.</param>
    /// <returns>Mean loss and accuracy over the batch.</returns>
    public abstract LossValue BatchGradient(ReadOnlySpan<double> parameters, ReadOnlySpan<int> samples, Span<double> gradient);

    /// <summary>
    /// As <see cref="BatchGradient"/>, but for a step of training: batch normalisation uses the batch's own mean and variance (each sample counted once, whatever its weight), through which the gradient passes exactly, and moves the
    /// running statistics; dropout draws its masks; labels are smoothed and samples augmented as <paramref name="step"/> says. Where the network has no such layer and the step asks for nothing of the kind, it is <see cref="BatchGradient"/>.
    /// With batch normalisation the activations of the whole batch are held in memory.
    /// </summary>
    /// <param name="state">The network's state (<see cref="Network.StateLength"/> entries); its statistics are updated in place.</param>
    /// <param name="samples">Indices of the samples; at least one, and at least two where flat features are normalised over the batch.</param>
    /// <param name="gradient">p entries, overwritten.</param>
    /// <param name="step">Place in the run, and what only training does.</param>
    /// <returns>Mean loss (of the smoothed labels) and accuracy over the batch, as the network trains.</returns>
    /// <exception cref="ArgumentException">A length that does not fit, too few samples, a label smoothing outside [0, 1), or an augmentation for other samples.</exception>
    public abstract LossValue TrainingGradient(Span<double> state, ReadOnlySpan<int> samples, Span<double> gradient, TrainingStep step);

    /// <summary>The logits of every sample.</summary>
    /// <param name="parameters">The network's state: p parameters, then its statistics.</param>
    /// <returns>N × outputs.</returns>
    public abstract Tensor<double> Logits(ReadOnlySpan<double> parameters);

    /// <summary>Records one forward and one backward pass at <paramref name="parameters"/>, from which every derivative product follows.</summary>
    /// <param name="parameters">The network's state: p parameters, then its statistics; copied.</param>
    /// <returns>The linearisation.</returns>
    public abstract Linearization Linearize(ReadOnlySpan<double> parameters);

    /// <summary>The loss over some of the samples, their weights divided by their sum: with the default weights the mean over them.</summary>
    /// <param name="samples">Indices of the samples, each at most once; at least one, and not all of weight 0.</param>
    /// <returns>An objective of its own, with the same options; samples are read from the same source.</returns>
    /// <exception cref="ArgumentException">No sample, an index out of range or twice, or no weight.</exception>
    public Objective Subset(ReadOnlySpan<int> samples)
    {
        if (samples.IsEmpty)
            throw new ArgumentException("a subset needs at least one sample", nameof(samples));
        HashSet<int> seen = [];
        double weight = 0.0;
        foreach (int sample in samples)
        {
            if ((uint)sample >= (uint)SampleCount || !seen.Add(sample))
                throw new ArgumentException($"expected different samples in 0 … {SampleCount - 1}, got {sample}{((uint)sample >= (uint)SampleCount ? "" : " twice")}", nameof(samples));
            weight += SampleWeights[sample];
        }
        if (weight <= 0.0)
            throw new ArgumentException("the samples chosen weigh nothing; choose some of positive weight", nameof(samples));
        ObjectiveOptions options = Options with { SampleWeights = Array.ConvertAll(samples.ToArray(), sample => SampleWeights[sample] / weight) };
        return Create(Network, new SampleSubset(Source, samples.ToArray()), Loss, Compute, options);
    }

    /// <summary>Whether the network is applied as in training, and that makes a difference.</summary>
    private protected bool IsTraining(NetworkMode mode) => mode == NetworkMode.Training && TrainingLayers.AnyIn(Network);

    /// <summary>Refuses what is only defined while measuring.</summary>
    private protected void RequireMeasuring(NetworkMode mode, string asked)
    {
        if (IsTraining(mode))
            throw new InvalidOperationException($"{asked} cannot be had in training mode: because of {TrainingLayers.Describe(Network)}, a sample's output then depends on the rest of its batch or on a random mask, and the loss is not a fixed sum over samples that derivatives and spectra could belong to. Create the objective with Mode = NetworkMode.Measuring, which uses the stored statistics and no masks; for a step of training call TrainingGradient");
    }

    private protected void RequireState(ReadOnlySpan<double> parameters)
    {
        if (parameters.Length != Network.StateLength)
            throw new ArgumentException($"expected {Network.StateLength} entries, {Network.ParameterCount} parameters and {Network.StateLength - Network.ParameterCount} statistics, got {parameters.Length}", nameof(parameters));
    }

    private protected void RequireGradient(ReadOnlySpan<double> gradient)
    {
        if (gradient.Length != Network.ParameterCount)
            throw new ArgumentException($"expected {Network.ParameterCount} entries, one per parameter, got {gradient.Length}", nameof(gradient));
    }

    private protected static void RequireBatch(ReadOnlySpan<int> samples, int smallest)
    {
        if (samples.Length < smallest)
            throw new ArgumentException(smallest == 1 ? "a batch needs at least one sample" : $"batch normalisation of flat features needs at least {smallest} samples in a batch, got {samples.Length}: choose a batch size that leaves no single sample for the last batch", nameof(samples));
    }

    private static void RequireLabels(int[] labels, int classes)
    {
        for (int i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)classes)
                throw new ArgumentException($"label {labels[i]} of sample {i} is outside 0 … {classes - 1}", nameof(labels));
        }
    }

    // A table's inputs are one number a sample, and any other than one of its rows would be read past: they are checked before, unlike samples in general.
    private static void RequireIndices(FeatureTableLayer table, SampleSource source)
    {
        double[] indices = new double[source.SampleCount];
        SampleDefect? defect = source.TryRead<double>(0, indices.Length, indices, new int[indices.Length], int.MaxValue);
        if (defect is { Kind: not SampleDefectKind.NonFinite })
            throw new DataException(source.Name, defect.Problem, defect.InnerException);
        table.RequireInputs(indices);
    }

    private static void CheckOptions(ObjectiveOptions options, int sampleCount)
    {
        if (options.SliceRows < 1)
            throw new ArgumentOutOfRangeException(nameof(options), options.SliceRows, "SliceRows must be at least 1");
        if (options.SampleWeights is not { } weights)
            return;
        if (weights.Count != sampleCount)
            throw new ArgumentException($"expected {sampleCount} sample weights, got {weights.Count}", nameof(options));
        if (weights.Any(static weight => !(weight >= 0.0) || !double.IsFinite(weight)))
            throw new ArgumentException("sample weights must be finite and not negative", nameof(options));
    }
}
