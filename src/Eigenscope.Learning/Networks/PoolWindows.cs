namespace Eigenscope.Learning.Networks;

/// <summary>
/// The windows of a pooling over an image, one for each output position: which input positions lie in each, row by row. Positions outside the image are left out, so that padding is never read.
/// </summary>
internal sealed class PoolWindows
{
    private readonly int[] _starts;
    private readonly int[] _positions;

    /// <summary>Square windows of <paramref name="kernel"/> × <paramref name="kernel"/> positions, <paramref name="stride"/> apart; the first begins <paramref name="padding"/> before the image.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An extent below 1, or a padding of more than half the kernel: a window might lie outside the image.</exception>
    /// <exception cref="ArgumentException">The padded image is smaller than the kernel.</exception>
    public PoolWindows(ImageShape input, int kernel, int stride, int padding)
    {
        Require(input, kernel, stride, padding);
        Input = input;
        Kernel = kernel;
        Stride = stride;
        Padding = padding;
        Output = new ImageShape(input.Channels, Extent(input.Height), Extent(input.Width));
        _starts = new int[Output.Positions + 1];
        List<int> positions = [];
        for (int output = 0; output < Output.Positions; output++)
        {
            AddWindow(output, positions);
            _starts[output + 1] = positions.Count;
        }
        _positions = [.. positions];
    }

    public ImageShape Input { get; }

    public ImageShape Output { get; }

    public int Kernel { get; }

    public int Stride { get; }

    public int Padding { get; }

    /// <summary>The input positions in one window, in row-major order; at least one.</summary>
    public ReadOnlySpan<int> Positions(int output) => _positions.AsSpan(_starts[output], _starts[output + 1] - _starts[output]);

    /// <summary>The channels of one position of a channels-last image.</summary>
    public static ReadOnlySpan<T> Channels<T>(ReadOnlySpan<T> image, int position, int channels) => image.Slice(position * channels, channels);

    /// <inheritdoc cref="Channels{T}(ReadOnlySpan{T}, int, int)"/>
    public static Span<T> Channels<T>(Span<T> image, int position, int channels) => image.Slice(position * channels, channels);

    private static void Require(ImageShape input, int kernel, int stride, int padding)
    {
        if (input.Channels < 1 || input.Height < 1 || input.Width < 1)
            throw new ArgumentOutOfRangeException(nameof(input), input, "an image has at least one channel, row and column");
        ArgumentOutOfRangeException.ThrowIfLessThan(kernel, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        if (padding < 0 || padding > kernel / 2)
            throw new ArgumentOutOfRangeException(nameof(padding), padding, $"a pooling of kernel {kernel} takes a padding of 0 … {kernel / 2}, so that every window meets the image");
        if (Math.Min(input.Height, input.Width) + (2 * padding) < kernel)
            throw new ArgumentException($"an image of {input.Height} × {input.Width} with padding {padding} is smaller than the kernel, {kernel} × {kernel}; take a smaller kernel", nameof(kernel));
    }

    private int Extent(int input) => ((input + (2 * Padding) - Kernel) / Stride) + 1;

    private void AddWindow(int output, List<int> positions)
    {
        int top = (output / Output.Width * Stride) - Padding;
        int left = (output % Output.Width * Stride) - Padding;
        for (int row = Math.Max(top, 0); row < Math.Min(top + Kernel, Input.Height); row++)
        {
            for (int column = Math.Max(left, 0); column < Math.Min(left + Kernel, Input.Width); column++)
                positions.Add((row * Input.Width) + column);
        }
    }
}
