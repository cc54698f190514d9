using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Data;

/// <summary>
/// Shift and scale of each coordinate, or of each channel of images (samples of three axes: channels, height, width), by the mean and the standard deviation of the training samples. What is constant
/// in training becomes 0, in the test samples too.
/// </summary>
public sealed class Standardization
{
    private readonly double[] _means;
    private readonly double[] _scales;

    /// <summary>Creates a map of samples with d coordinates.</summary>
    /// <param name="means">What is subtracted of each coordinate; d of them, finite.</param>
    /// <param name="scales">What each is then multiplied by; d of them, finite, 0 for a coordinate that is constant in training.</param>
    /// <exception cref="ArgumentException">No coordinates, lengths that differ, or a number that is not finite.</exception>
    public Standardization(double[] means, double[] scales)
    {
        ArgumentNullException.ThrowIfNull(means);
        ArgumentNullException.ThrowIfNull(scales);
        if (means.Length == 0 || !Array.TrueForAll(means, double.IsFinite))
            throw new ArgumentException("expected a finite mean of each coordinate", nameof(means));
        if (scales.Length != means.Length || !Array.TrueForAll(scales, double.IsFinite))
            throw new ArgumentException($"expected a finite scale of each of {means.Length} coordinates", nameof(scales));
        _means = means;
        _scales = scales;
    }

    /// <summary>What is subtracted of each of the d coordinates.</summary>
    public IReadOnlyList<double> Means => _means;

    /// <summary>What each coordinate is then multiplied by.</summary>
    public IReadOnlyList<double> Scales => _scales;

    /// <summary>The map of training samples.</summary>
    /// <param name="train">N × (sample shape), N ≥ 1, finite.</param>
    /// <param name="options">Of what, and by which deviation.</param>
    /// <returns>The map.</returns>
    public static Standardization Of(Tensor<double> train, StandardizationOptions options)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(options);
        double[] means = new double[train.Columns], smallest = new double[train.Columns], largest = new double[train.Columns];
        train.Row(0).CopyTo(smallest);
        train.Row(0).CopyTo(largest);
        for (int i = 0; i < train.Rows; i++)
        {
            ReadOnlySpan<double> row = train.Row(i);
            TensorPrimitives.Add(means, row, means);
            TensorPrimitives.Min(smallest, row, smallest);
            TensorPrimitives.Max(largest, row, largest);
        }
        int size = IsPerChannel(train, options) ? train.Shape[2] * train.Shape[3] : 1;
        double count = (double)train.Rows * size;
        double divisor = options.Unbiased ? count - 1.0 : count;
        ForEachGroup(means, size, group => group.Fill(TensorPrimitives.Sum<double>(group) / count));
        double[] scales = Squares(train, means);
        ForEachGroup(scales, size, group => group.Fill(Scale(TensorPrimitives.Sum<double>(group) / divisor)));
        for (int start = 0; start < scales.Length; start += size)
        {
            // A constant is told by its values: rounding of the mean leaves a deviation of its own.
            if (TensorPrimitives.Min<double>(smallest.AsSpan(start, size)) == TensorPrimitives.Max<double>(largest.AsSpan(start, size)))
                scales.AsSpan(start, size).Clear();
        }
        return new Standardization(means, scales);
    }

    /// <summary>What <see cref="Of"/> does, in words.</summary>
    /// <param name="train">The training samples.</param>
    /// <param name="options">Of what, and by which deviation.</param>
    /// <returns>As "standardised per coordinate by mean and unbiased standard deviation of the training samples".</returns>
    public static string Describe(Tensor<double> train, StandardizationOptions options)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(options);
        return $"standardised per {(IsPerChannel(train, options) ? "channel" : "coordinate")} by mean and {(options.Unbiased ? "unbiased" : "population")} standard deviation of the training samples";
    }

    /// <summary>Maps samples.</summary>
    /// <param name="data">N × (sample shape) of d coordinates.</param>
    /// <returns>The same shape, with its own storage.</returns>
    /// <exception cref="ArgumentException">The samples have another number of coordinates.</exception>
    public Tensor<double> Apply(Tensor<double> data)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.Columns != _means.Length)
            throw new ArgumentException($"expected samples of {_means.Length} values, got {data.Columns}", nameof(data));
        Tensor<double> inputs = new(data.Shape);
        for (int i = 0; i < data.Rows; i++)
        {
            TensorPrimitives.Subtract(data.Row(i), _means, inputs.Row(i));
            TensorPrimitives.Multiply(inputs.Row(i), _scales, inputs.Row(i));
        }
        return inputs;
    }

    private static bool IsPerChannel(Tensor<double> data, StandardizationOptions options) => data.Shape.Length == 4 && !options.PerCoordinate;

    private static double[] Squares(Tensor<double> train, double[] means)
    {
        double[] squares = new double[train.Columns], deviation = new double[train.Columns];
        for (int i = 0; i < train.Rows; i++)
        {
            TensorPrimitives.Subtract(train.Row(i), means, deviation);
            TensorPrimitives.MultiplyAdd(deviation, deviation, squares, squares);
        }
        return squares;
    }

    /// <summary>A variance too small for its inverse to be finite counts as none.</summary>
    private static double Scale(double variance) => double.IsNormal(variance) ? 1.0 / Math.Sqrt(variance) : 0.0;

    private static void ForEachGroup(double[] values, int size, GroupAction action)
    {
        for (int start = 0; start < values.Length; start += size)
            action(values.AsSpan(start, size));
    }

    private delegate void GroupAction(Span<double> group);
}
