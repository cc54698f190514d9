using System.Buffers;
using System.Numerics.Tensors;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Networks;

/// <summary>
/// Mean over windows of an image, channel by channel. Padding is zeros. As PyTorch does unless told otherwise, it counts them: every window is divided by the kernel's area
/// (<see cref="CountsPadding"/>); else by the number of its entries inside the image. Without padding the two are the same.
/// </summary>
public sealed class AveragePoolLayer : FixedLinearLayer
{
    private readonly PoolWindows _windows;

    internal AveragePoolLayer(string name, ImageShape input, int kernel, int stride, int padding, bool countsPadding = true)
        : this(name, new PoolWindows(input, kernel, stride, padding), countsPadding)
    {
    }

    private AveragePoolLayer(string name, PoolWindows windows, bool countsPadding)
        : base(name, windows.Input.Size, windows.Output.Size)
    {
        _windows = windows;
        CountsPadding = countsPadding;
    }

    /// <summary>Extents of the input.</summary>
    public ImageShape Input => _windows.Input;

    /// <summary>Extents of the output: ⌊(extent + 2 padding − kernel) / stride⌋ + 1 rows and columns.</summary>
    public ImageShape Output => _windows.Output;

    /// <summary>Height and width of a window.</summary>
    public int Kernel => _windows.Kernel;

    /// <summary>Distance between windows.</summary>
    public int Stride => _windows.Stride;

    /// <summary>How far the first window begins before the image.</summary>
    public int Padding => _windows.Padding;

    /// <summary>Whether the mean of a window that reaches over the edge counts the zeros outside (PyTorch's <c>count_include_pad</c>).</summary>
    public bool CountsPadding { get; }

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
                TensorPrimitives.Multiply(sums, 1.0 / Divisor(positions.Length), sums);
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
                T share = T.CreateTruncating(1.0 / Divisor(positions.Length));
                ReadOnlySpan<T> cotangent = PoolWindows.Channels(outputCotangent.Row(sample), output, channels);
                foreach (int position in positions)
                {
                    Span<T> entries = PoolWindows.Channels(image, position, channels);
                    TensorPrimitives.MultiplyAdd(cotangent, share, entries, entries);
                }
            }
        }
    }

    private int Divisor(int inside) => CountsPadding ? Kernel * Kernel : inside;
}
