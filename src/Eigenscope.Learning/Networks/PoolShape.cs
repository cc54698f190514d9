namespace Eigenscope.Learning.Networks;

/// <summary>
/// The extents of a pooling: which windows of an image it looks at. A window has kernel height × kernel width entries, the dilation apart; windows begin a stride apart, the first as far before the image as it is padded.
/// </summary>
public sealed record PoolShape
{
    /// <summary>The images that come in.</summary>
    public required ImageShape Input { get; init; }

    /// <summary>Rows of a window, ≥ 1.</summary>
    public required int KernelHeight { get; init; }

    /// <summary>Columns of a window, ≥ 1.</summary>
    public required int KernelWidth { get; init; }

    /// <summary>Input rows from one window to the next, ≥ 1. Default 1.</summary>
    public int StrideHeight { get; init; } = 1;

    /// <summary>Input columns from one window to the next, ≥ 1. Default 1.</summary>
    public int StrideWidth { get; init; } = 1;

    /// <summary>Input rows from one row of a window to the next, ≥ 1. Default 1.</summary>
    public int DilationHeight { get; init; } = 1;

    /// <summary>Input columns from one column of a window to the next, ≥ 1. Default 1.</summary>
    public int DilationWidth { get; init; } = 1;

    /// <summary>Rows of padding above the image, ≥ 0 and smaller than what a window reaches over. Default 0.</summary>
    public int PaddingTop { get; init; }

    /// <summary>Columns of padding left of the image, ≥ 0 and smaller than what a window reaches over. Default 0.</summary>
    public int PaddingLeft { get; init; }

    /// <summary>Rows of padding below the image, ≥ 0 and smaller than what a window reaches over. Default 0.</summary>
    public int PaddingBottom { get; init; }

    /// <summary>Columns of padding right of the image, ≥ 0 and smaller than what a window reaches over. Default 0.</summary>
    public int PaddingRight { get; init; }

    /// <summary>Whether a last window that reaches over the padded image is kept (unless it begins behind the image, as in PyTorch and ONNX); default false: it is dropped.</summary>
    public bool CeilMode { get; init; }

    /// <summary>Of an average: whether it counts the padding's zeros (PyTorch's <c>count_include_pad</c>). What a window of <see cref="CeilMode"/> has behind the padding is never counted. Default true.</summary>
    public bool CountsPadding { get; init; } = true;

    /// <summary>The images that go out: ⌊(height + padding − reach) / stride⌋ + 1 rows, columns likewise, where a kernel of k entries at dilation d reaches over d (k − 1) + 1; rounded up with <see cref="CeilMode"/>.</summary>
    public ImageShape Output => new(Input.Channels, Rows.Outputs(CeilMode), Columns.Outputs(CeilMode));

    internal PoolAxis Rows => new("height", Input.Height, KernelHeight, StrideHeight, DilationHeight, PaddingTop, PaddingBottom);

    internal PoolAxis Columns => new("width", Input.Width, KernelWidth, StrideWidth, DilationWidth, PaddingLeft, PaddingRight);

    /// <summary>Square windows with the same padding on every side, of at most half the kernel as in PyTorch.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The padding is larger.</exception>
    internal static PoolShape Square(ImageShape input, int kernel, int stride, int padding, bool countsPadding = true) =>
        padding <= kernel / 2
            ? new PoolShape { Input = input, KernelHeight = kernel, KernelWidth = kernel, StrideHeight = stride, StrideWidth = stride, PaddingTop = padding, PaddingLeft = padding, PaddingBottom = padding, PaddingRight = padding, CountsPadding = countsPadding }
            : throw new ArgumentOutOfRangeException(nameof(padding), padding, $"a pooling of kernel {kernel} takes a padding of 0 … {kernel / 2}, so that every window meets the image");

    /// <summary>Throws where the extents do not fit together.</summary>
    /// <exception cref="ArgumentException">An extent is out of range, or the kernel is larger than the padded image.</exception>
    internal void Validate(string argument)
    {
        if (Input.Channels < 1)
            throw new ArgumentException($"expected at least one channel, got {Input.Channels}", argument);
        Rows.Validate(argument);
        Columns.Validate(argument);
        _ = checked(Input.Size + Output.Size);
    }
}

/// <summary>One axis of a pooling.</summary>
internal readonly record struct PoolAxis(string Name, int Extent, int Kernel, int Stride, int Dilation, int Before, int After)
{
    private long Reach => ((long)Dilation * (Kernel - 1)) + 1;

    private long Padded => (long)Extent + Before + After;

    /// <summary>Number of windows.</summary>
    public int Outputs(bool ceil)
    {
        long free = Padded - Reach;
        long last = ceil ? (free + Stride - 1) / Stride : free / Stride;
        // A window that begins behind the image has nothing to look at.
        return (int)(last * Stride >= (long)Extent + Before ? last : last + 1);
    }

    /// <summary>The entries of the image in a window, first to last; not all need lie inside.</summary>
    public IEnumerable<int> Entries(int window)
    {
        int start = (window * Stride) - Before;
        for (int k = 0; k < Kernel; k++)
        {
            int entry = start + (k * Dilation);
            if (entry >= 0 && entry < Extent)
                yield return entry;
        }
    }

    /// <summary>How many of a window's entries lie in the image or its padding.</summary>
    public int Counted(int window)
    {
        long start = (long)window * Stride;
        return (int)Math.Min(Kernel, ((Padded - 1 - start) / Dilation) + 1);
    }

    public void Validate(string argument)
    {
        if (Math.Min(Math.Min(Extent, Kernel), Math.Min(Stride, Dilation)) < 1)
            throw new ArgumentException($"expected image {Name}, kernel, stride and dilation of at least 1, got {Extent}, {Kernel}, {Stride} and {Dilation}", argument);
        if (Math.Min(Before, After) < 0 || Math.Max(Before, After) >= Reach)
            throw new ArgumentException($"a window that reaches over {Reach} entries of the {Name} takes a padding of 0 … {Reach - 1}, got {Before} and {After}", argument);
        if (Padded < Reach)
            throw new ArgumentException($"the padded image's {Name}, {Extent} + {Before} + {After}, is smaller than a window, which reaches over {Reach}; take a smaller kernel", argument);
    }
}
