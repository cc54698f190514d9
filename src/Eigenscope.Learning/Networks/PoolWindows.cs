namespace Eigenscope.Learning.Networks;

/// <summary>
/// The windows of a pooling over an image, one for each output position: which input positions lie in each, row by row. Positions outside the image are left out, so that padding is never read.
/// </summary>
internal sealed class PoolWindows
{
    private readonly int[] _starts;
    private readonly int[] _positions;

    /// <summary>Lists the windows.</summary>
    /// <exception cref="ArgumentException">Extents that do not fit together, or a window without an entry of the image where <paramref name="emptyIsAllowed"/> does not hold.</exception>
    public PoolWindows(PoolShape shape, bool emptyIsAllowed)
    {
        shape.Validate(nameof(shape));
        Shape = shape;
        Output = shape.Output;
        int[][] rows = [.. Enumerable.Range(0, Output.Height).Select(window => shape.Rows.Entries(window).ToArray())];
        int[][] columns = [.. Enumerable.Range(0, Output.Width).Select(window => shape.Columns.Entries(window).ToArray())];
        _starts = new int[Output.Positions + 1];
        for (int output = 0; output < Output.Positions; output++)
            _starts[output + 1] = checked(_starts[output] + (rows[output / Output.Width].Length * columns[output % Output.Width].Length));
        if (!emptyIsAllowed && Enumerable.Range(0, Output.Positions).Any(output => _starts[output] == _starts[output + 1]))
            throw new ArgumentException("a window of the pooling lies outside the image altogether: its maximum or mean is no number; take less padding or a smaller dilation", nameof(shape));
        _positions = new int[_starts[^1]];
        for (int output = 0; output < Output.Positions; output++)
            Fill(rows[output / Output.Width], columns[output % Output.Width], _positions.AsSpan(_starts[output]));
    }

    public PoolShape Shape { get; }

    public ImageShape Input => Shape.Input;

    public ImageShape Output { get; }

    /// <summary>The input positions in one window, in row-major order.</summary>
    public ReadOnlySpan<int> Positions(int output) => _positions.AsSpan(_starts[output], _starts[output + 1] - _starts[output]);

    /// <summary>How many entries of one window lie in the image or its padding.</summary>
    public int Counted(int output) => Shape.Rows.Counted(output / Output.Width) * Shape.Columns.Counted(output % Output.Width);

    /// <summary>The channels of one position of a channels-last image.</summary>
    public static ReadOnlySpan<T> Channels<T>(ReadOnlySpan<T> image, int position, int channels) => image.Slice(position * channels, channels);

    /// <inheritdoc cref="Channels{T}(ReadOnlySpan{T}, int, int)"/>
    public static Span<T> Channels<T>(Span<T> image, int position, int channels) => image.Slice(position * channels, channels);

    private void Fill(int[] rows, int[] columns, Span<int> positions)
    {
        int i = 0;
        foreach (int row in rows)
        {
            foreach (int column in columns)
                positions[i++] = (row * Input.Width) + column;
        }
    }
}
