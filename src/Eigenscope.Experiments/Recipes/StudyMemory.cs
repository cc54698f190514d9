using System.Globalization;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Experiments.Recipes;

/// <summary>Whether what training and measuring keep in memory beside eigenvectors can be held, before anything is trained. Every refusal names the option to change and, where there is one, a value that fits.</summary>
internal static class StudyMemory
{
    // Parameters kept along training for measuring: 2 GiB.
    private const long LargestSnapshots = 1L << 28;

    // Values between layers of one training step: 8 GiB, and as much again at most on the way back.
    private const long LargestStep = 1L << 30;

    private static readonly long LargestOrder = (long)Math.Sqrt(Array.MaxLength);

    /// <summary>Refuses samples and layers whose measurements no array holds.</summary>
    /// <param name="options">The options.</param>
    /// <param name="train">The samples that are trained on.</param>
    /// <param name="measured">Number of samples that are measured.</param>
    /// <param name="network">The network.</param>
    /// <exception cref="UsageException">An array would be too large.</exception>
    public static void RequireMeasurable(StudyOptions options, Dataset train, int measured, Network network)
    {
        RequireTraining(options, train, network);
        RequireBoundaries(train, measured, network);
        RequireSquares(options, train, network);
        RequireClassMeans(options, train.ClassCount, network);
    }

    /// <summary>Refuses to keep more parameters along training than memory should hold.</summary>
    /// <param name="every">Epochs between measurements, 0 for start and end only.</param>
    /// <param name="epochs">Epochs of training.</param>
    /// <param name="network">The network.</param>
    /// <exception cref="UsageException">They are too many; the message says how far apart they must be.</exception>
    public static void RequireSnapshots(int every, int epochs, Network network)
    {
        long most = LargestSnapshots / network.StateLength;
        long points = every == 0 ? 2 : ((epochs - 1L) / every) + 2;
        if (every > 0 && points > most && points > 2)
            throw new UsageException(Text($"--measure-every must be {(most > 2 ? Text($"at least {((epochs - 1L) / (most - 1)) + 1}") : "0")} for {epochs} epochs, so that {network.StateLength:N0} parameters of each point to measure at fit into memory, got {every}"));
    }

    /// <summary>Refuses a batch that batch normalisation, which needs the whole of it at once, cannot train on.</summary>
    /// <param name="batch">Samples of a batch, 0 for all.</param>
    /// <param name="samples">Number of training samples.</param>
    /// <param name="network">The network.</param>
    /// <exception cref="UsageException">The batch is too large, or leaves a single sample for the last where normalisation needs two; the message says what fits.</exception>
    public static void RequireBatch(int batch, int samples, Network network)
    {
        BatchNormLayer[] norms = [.. network.Layers.OfType<BatchNormLayer>()];
        if (norms.Length == 0)
            return;
        int size = batch == 0 ? samples : Math.Min(batch, samples);
        long values = network.InputSize + network.Layers.Sum(static layer => (long)layer.OutputSize);
        if (size * values > LargestStep)
            throw new UsageException(Text($"--batch-size must be from 1 to {Math.Max(1, LargestStep / values)}: batch normalisation holds all samples of a batch at once, {values:N0} values each, got {batch}{(batch == 0 ? Text($", all {samples}") : "")}"));
        bool needsTwo = norms.Any(static norm => norm.InputSize == norm.Channels);
        if (needsTwo && Last(size, samples) == 1)
            throw new UsageException(Text($"--batch-size {batch} leaves 1 of {samples} training samples for the last batch, and batch normalisation of images that have shrunk to one pixel needs at least 2; {Fitting(size, samples)}"));
    }

    private static int Last(int size, int samples) => ((samples - 1) % size) + 1;

    private static string Fitting(int size, int samples)
    {
        int fits = size;
        while (fits > 1 && Last(fits, samples) == 1)
            fits--;
        return fits > 1 ? Text($"--batch-size {fits} fits") : "--batch-size 0, all at once, fits";
    }

    // Ranks are judged by the logits of all training samples, and an mlp's progress by what enters its last layer.
    private static void RequireTraining(StudyOptions options, Dataset train, Network network)
    {
        long values = StudyNetworks.IsConvolutional(options) ? network.OutputSize : Math.Max(network.OutputSize, network.WeightLayers[^1].InputSize);
        if (train.SampleCount * values > Array.MaxLength)
            throw new UsageException(Text($"--samples must be at most {Array.MaxLength / values} for a last layer of {values:N0} values a sample, which one array holds for all samples, got {train.SampleCount}"));
    }

    // What enters and leaves a layer is held for all samples measured, and of a part of them the class means of every resampling.
    private static void RequireBoundaries(Dataset train, int measured, Network network)
    {
        long widest = network.WeightLayers.Max(static layer => Math.Max(layer.InputSize, layer.OutputSize));
        if (measured * widest > Array.MaxLength)
            throw new UsageException(Text($"--measure-samples must be at most {Array.MaxLength / widest} for a layer with {widest:N0} values a sample, which one array holds for all samples, got {measured}"));
        long entering = network.WeightLayers.Max(static layer => layer.InputSize);
        if (measured < train.SampleCount && MeasurementPlan.Replicates * entering * train.ClassCount > Array.MaxLength)
            throw new UsageException(Text($"--measure-samples must be {train.SampleCount}, all of the training samples: the doubt of a part of them takes {MeasurementPlan.Replicates} resamplings of {train.ClassCount} class means of {entering:N0} values, more than one array can hold, got {measured}"));
    }

    // The AGOP at a dense layer's input, and its like at the output.
    private static void RequireSquares(StudyOptions options, Dataset train, Network network)
    {
        int widest = network.WeightLayers.Where(static layer => layer is DenseLayer { Positions: 1 }).Select(static layer => Math.Max(layer.InputSize, layer.OutputSize)).DefaultIfEmpty(0).Max();
        if (widest <= LargestOrder)
            return;
        string culprit = widest == train.Dimension ? $"--data {options.Data}" : StudyNetworks.IsConvolutional(options) ? "--channels or --head-width" : Text($"--width {options.Width}");
        throw new UsageException(Text($"{culprit}: a dense layer is measured by square matrices of the order of its inputs and outputs, at most {LargestOrder} in one array, got {widest}"));
    }

    // For each class and logit one gradient in a layer's output, and what that makes in a convolution's weight.
    private static void RequireClassMeans(StudyOptions options, int classes, Network network)
    {
        double outputs = network.WeightLayers.Max(static layer => layer.OutputSize);
        double weights = network.WeightLayers.OfType<ConvolutionLayer>().Select(static layer => layer.Weight.Length).DefaultIfEmpty(0).Max();
        double largest = Math.Max(outputs, weights);
        if ((double)classes * network.OutputSize * largest > Array.MaxLength)
            throw new UsageException(Text($"--data {options.Data} with --model {options.Model}: {classes} classes times {network.OutputSize} logits times {largest:N0} values of a layer are more numbers than one array can hold; fewer {(StudyNetworks.IsConvolutional(options) ? "--channels" : "units, by --width,")} or classes fit"));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
