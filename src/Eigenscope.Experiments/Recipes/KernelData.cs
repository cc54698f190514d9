using System.Globalization;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Losses;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Recipes;

/// <summary>Data as kernel machines take it: rows of numbers, and rows of targets.</summary>
internal static class KernelData
{
    /// <summary>Each coordinate by mean and unbiased deviation, of images too: as arXiv 2402.13728 scales its data.</summary>
    public static StandardizationOptions Standardization { get; } = new() { PerCoordinate = true, Unbiased = true };

    /// <summary>N × d, sharing the samples' storage.</summary>
    public static Tensor<double> Flat(Tensor<double> inputs) => inputs.Shape.Length == 2 ? inputs : new Tensor<double>(inputs.Storage, inputs.Rows, inputs.Columns);

    /// <summary>A target for each class: 1 for a sample's own, and 0 or −1 for the others.</summary>
    public static Tensor<double> Coded(Dataset data, TargetCoding coding)
    {
        Tensor<double> targets = new(data.SampleCount, data.ClassCount);
        targets.Span.Fill(coding == TargetCoding.PlusMinusOne ? -1.0 : 0.0);
        for (int i = 0; i < data.SampleCount; i++)
            targets[i, data.Labels[i]] = 1.0;
        return targets;
    }

    /// <summary>Checks that arrays can hold what is computed of n points in d dimensions, and of the points that are predicted.</summary>
    /// <exception cref="UsageException">They cannot; the message says what fits.</exception>
    public static void RequireSize(string data, int samples, int predicted, int dimension)
    {
        int most = Array.MaxLength / dimension;
        if (samples > most)
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--data {data}: {samples} samples of {dimension} numbers are more than an array holds; --samples {most} fits"));
        if (predicted > most)
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--data {data}: {predicted} test samples of {dimension} numbers are more than an array holds; at most {most} are"));
        if ((long)dimension * dimension > Array.MaxLength)
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--data {data}: the average gradient outer product of {dimension} coordinates is more than an array holds; at most {(int)Math.Sqrt(Array.MaxLength)} are"));
    }

    /// <summary>Checks that an array can hold the random features of so many samples.</summary>
    /// <exception cref="UsageException">It cannot; the message says what fits.</exception>
    public static void RequireWidth(int width, int samples)
    {
        if ((long)width * samples > Array.MaxLength)
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--width {width}: so many features of each of {samples} samples are more than an array holds; {Array.MaxLength / samples} fits"));
    }
}
