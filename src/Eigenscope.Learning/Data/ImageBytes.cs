using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Data;

/// <summary>Images as bytes, channels first, with their labels: an eighth of what they take as doubles. Pixels are divided by 255.</summary>
internal sealed record ImageBytes(int[] SampleShape, byte[] Pixels, int[] Labels)
{
    public const string Scaling = "pixels divided by 255";

    private const double LargestByte = 255.0;

    /// <summary>The images at the given indices, or all.</summary>
    public (Tensor<double> Inputs, int[] Labels) Widen(int[]? indices)
    {
        int count = indices?.Length ?? Labels.Length;
        Tensor<double> inputs = new([count, .. SampleShape]);
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            int sample = indices is null ? i : indices[i];
            labels[i] = Labels[sample];
            Span<double> target = inputs.Row(i);
            ReadOnlySpan<byte> pixels = Pixels.AsSpan(sample * target.Length, target.Length);
            for (int j = 0; j < pixels.Length; j++)
                target[j] = pixels[j] / LargestByte;
        }
        return (inputs, labels);
    }
}
