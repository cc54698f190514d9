using System.Buffers;
using System.Numerics.Tensors;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Networks;

/// <summary>Mean of each channel over all positions of an image: height × width × channels become channels.</summary>
public sealed class GlobalAveragePoolLayer : FixedLinearLayer
{
    internal GlobalAveragePoolLayer(string name, ImageShape input)
        : base(name, input.Size, input.Channels) => Input = input;

    /// <summary>Extents of the input.</summary>
    public ImageShape Input { get; }

    private protected override void Map<T>(ReadOnlyMatrixSpan<T> x, MatrixSpan<T> y)
    {
        int channels = Input.Channels;
        double[] rented = ArrayPool<double>.Shared.Rent(channels);
        Span<double> sums = rented.AsSpan(0, channels);
        for (int sample = 0; sample < x.Rows; sample++)
        {
            sums.Clear();
            for (int position = 0; position < Input.Positions; position++)
                DoubleSums.Add(PoolWindows.Channels(x.Row(sample), position, channels), sums);
            TensorPrimitives.Multiply(sums, 1.0 / Input.Positions, sums);
            TensorPrimitives.ConvertTruncating<double, T>(sums, y.Row(sample));
        }
        ArrayPool<double>.Shared.Return(rented);
    }

    private protected override void MapTransposed<T>(ReadOnlyMatrixSpan<T> outputCotangent, MatrixSpan<T> inputCotangent)
    {
        int channels = Input.Channels;
        T share = T.CreateTruncating(1.0 / Input.Positions);
        for (int sample = 0; sample < outputCotangent.Rows; sample++)
        {
            Span<T> image = inputCotangent.Row(sample);
            Span<T> first = PoolWindows.Channels(image, 0, channels);
            TensorPrimitives.Multiply(outputCotangent.Row(sample), share, first);
            for (int position = 1; position < Input.Positions; position++)
                first.CopyTo(PoolWindows.Channels(image, position, channels));
        }
    }
}
