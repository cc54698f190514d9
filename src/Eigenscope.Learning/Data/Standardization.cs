using System.Numerics.Tensors;

namespace Eigenscope.Learning.Data;

/// <summary>
/// Shift and scale of each coordinate, or of each channel of images (samples of three axes: channels, height, width), by the mean and the population standard deviation (divisor n) of the training
/// samples. What is constant in training becomes 0, in the test samples too.
/// </summary>
internal sealed class Standardization
{
    private readonly double[] _means;
    private readonly double[] _scales;

    private Standardization(double[] means, double[] scales)
    {
        _means = means;
        _scales = scales;
    }

    public static Standardization Of(Dataset train)
    {
        double[] means = new double[train.Dimension], smallest = new double[train.Dimension], largest = new double[train.Dimension];
        train.Inputs.Row(0).CopyTo(smallest);
        train.Inputs.Row(0).CopyTo(largest);
        for (int i = 0; i < train.SampleCount; i++)
        {
            ReadOnlySpan<double> row = train.Inputs.Row(i);
            TensorPrimitives.Add(means, row, means);
            TensorPrimitives.Min(smallest, row, smallest);
            TensorPrimitives.Max(largest, row, largest);
        }
        int size = GroupSize(train);
        double count = (double)train.SampleCount * size;
        ForEachGroup(means, size, group => group.Fill(TensorPrimitives.Sum<double>(group) / count));
        double[] scales = Squares(train, means);
        ForEachGroup(scales, size, group => group.Fill(Scale(TensorPrimitives.Sum<double>(group) / count)));
        for (int start = 0; start < scales.Length; start += size)
        {
            // A constant is told by its values: rounding of the mean leaves a deviation of its own.
            if (TensorPrimitives.Min<double>(smallest.AsSpan(start, size)) == TensorPrimitives.Max<double>(largest.AsSpan(start, size)))
                scales.AsSpan(start, size).Clear();
        }
        return new Standardization(means, scales);
    }

    public static string Describe(Dataset train) =>
        $"standardised per {(IsImage(train) ? "channel" : "coordinate")} by mean and population standard deviation of the training samples";

    public Dataset Apply(Dataset data, string source)
    {
        Eigenscope.Numerics.Tensors.Tensor<double> inputs = new(data.Inputs.Shape);
        for (int i = 0; i < data.SampleCount; i++)
        {
            TensorPrimitives.Subtract(data.Inputs.Row(i), _means, inputs.Row(i));
            TensorPrimitives.Multiply(inputs.Row(i), _scales, inputs.Row(i));
        }
        return new Dataset(data.Name, source, inputs, data.Labels, data.ClassNames, requireEveryClass: false);
    }

    private static bool IsImage(Dataset data) => data.SampleShape.Count == 3;

    private static int GroupSize(Dataset data) => IsImage(data) ? data.SampleShape[1] * data.SampleShape[2] : 1;

    private static double[] Squares(Dataset train, double[] means)
    {
        double[] squares = new double[train.Dimension], deviation = new double[train.Dimension];
        for (int i = 0; i < train.SampleCount; i++)
        {
            TensorPrimitives.Subtract(train.Inputs.Row(i), means, deviation);
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
