using System.Buffers;
using System.Numerics.Tensors;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Networks;

/// <summary>
/// Mean over windows of an image, channel by channel. Padding is zeros. As PyTorch does unless told otherwise, it counts them: every window is divided by the number of its entries in the image and its padding, usually the kernel's area
/// (<see cref="CountsPadding"/>); else by the number of its entries inside the image. Without padding the two are the same.
/// </summary>
public sealed class AveragePoolLayer : FixedLinearLayer
{
    private readonly PoolWindows _windows;

    internal AveragePoolLayer(string name, PoolShape shape)
        : this(name, new PoolWindows(shape, emptyIsAllowed: shape.CountsPadding))
    {
    }

    internal AveragePoolLayer(string name, ImageShape input, int kernel, int stride, int padding, bool countsPadding = true)
        : this(name, PoolShape.Square(input, kernel, stride, padding, countsPadding))
    {
    }

    private AveragePoolLayer(string name, PoolWindows windows)
        : base(name, windows.Input.Size, windows.Output.Size) => _windows = windows;

    /// <summary>The extents of the pooling.</summary>
    public PoolShape Shape => _windows.Shape;

    /// <summary>Extents of the input.</summary>
    public ImageShape Input => _windows.Input;

    /// <summary>Extents of the output.</summary>
    public ImageShape Output => _windows.Output;

    /// <summary>Whether the mean of a window that reaches over the edge counts the zeros outside (PyTorch's <c>count_include_pad</c>).</summary>
    public bool CountsPadding => Shape.CountsPadding;

    private protected override void Map<T>(ReadOnlyMatrixSpan<T> x, MatrixSpan<T> y)
    {
        int channels = Input.Channels;
        double[] rented = ArrayPool<double>.Shared.Rent(channels);
        Span<double> sums = rented.AsSpan(0, channels);
        for (int sample = 0; sample < x.Rows; sample++)
        {
            for (int output = 0; output < Output.Positions; output++)
            {
                sums.Clear();
                ReadOnlySpan<int> positions = _windows.Positions(output);
                foreach (int position in positions)
                    DoubleSums.Add(PoolWindows.Channels(x.Row(sample), position, channels), sums);
                TensorPrimitives.Multiply(sums, 1.0 / Divisor(output, positions.Length), sums);
                TensorPrimitives.ConvertTruncating<double, T>(sums, PoolWindows.Channels(y.Row(sample), output, channels));
            }
        }
        ArrayPool<double>.Shared.Return(rented);
    }

    private protected override void MapTransposed<T>(ReadOnlyMatrixSpan<T> outputCotangent, MatrixSpan<T> inputCotangent)
    {
        int channels = Input.Channels;
        inputCotangent.Clear();
        for (int sample = 0; sample < outputCotangent.Rows; sample++)
        {
            Span<T> image = inputCotangent.Row(sample);
            for (int output = 0; output < Output.Positions; output++)
            {
                ReadOnlySpan<int> positions = _windows.Positions(output);
                T share = T.CreateTruncating(1.0 / Divisor(output, positions.Length));
                ReadOnlySpan<T> cotangent = PoolWindows.Channels(outputCotangent.Row(sample), output, channels);
                foreach (int position in positions)
                {
                    Span<T> entries = PoolWindows.Channels(image, position, channels);
                    TensorPrimitives.MultiplyAdd(cotangent, share, entries, entries);
                }
            }
        }
    }

    private int Divisor(int output, int inside) => CountsPadding ? _windows.Counted(output) : inside;
}
