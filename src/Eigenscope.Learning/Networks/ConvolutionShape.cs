namespace Eigenscope.Learning.Networks;

/// <summary>
/// The extents of a two-dimensional convolution (a cross-correlation, as in every deep learning library): output channel o at position (i, j) is
/// Σ over (a, b, c) of W[o, a, b, c] · x[i·s_h + a·d_h − top, j·s_w + b·d_w − left, c], where c runs over the channels of o's group and entries outside the image are zero.
/// </summary>
public sealed record ConvolutionShape
{
    /// <summary>The images that come in.</summary>
    public required ImageShape Input { get; init; }

    /// <summary>Channels of the output, ≥ 1, a multiple of <see cref="Groups"/>.</summary>
    public required int OutputChannels { get; init; }

    /// <summary>Rows of the kernel, ≥ 1.</summary>
    public required int KernelHeight { get; init; }

    /// <summary>Columns of the kernel, ≥ 1.</summary>
    public required int KernelWidth { get; init; }

    /// <summary>Input rows from one output row to the next, ≥ 1. Default 1.</summary>
    public int StrideHeight { get; init; } = 1;

    /// <summary>Input columns from one output column to the next, ≥ 1. Default 1.</summary>
    public int StrideWidth { get; init; } = 1;

    /// <summary>Input rows from one kernel row to the next, ≥ 1. Default 1.</summary>
    public int DilationHeight { get; init; } = 1;

    /// <summary>Input columns from one kernel column to the next, ≥ 1. Default 1.</summary>
    public int DilationWidth { get; init; } = 1;

    /// <summary>Rows of zeros above the image, ≥ 0. Default 0.</summary>
    public int PaddingTop { get; init; }

    /// <summary>Columns of zeros left of the image, ≥ 0. Default 0.</summary>
    public int PaddingLeft { get; init; }

    /// <summary>Rows of zeros below the image, ≥ 0. Default 0.</summary>
    public int PaddingBottom { get; init; }

    /// <summary>Columns of zeros right of the image, ≥ 0. Default 0.</summary>
    public int PaddingRight { get; init; }

    /// <summary>Parts into which the channels of input and output are cut, part g of the output reading part g of the input alone. Default 1.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>The images that go out: ⌊(height + padding − reach) / stride⌋ + 1 rows, columns likewise, where a kernel of k entries at dilation d reaches over d (k − 1) + 1.</summary>
    public ImageShape Output => new(
        OutputChannels,
        ((Input.Height + PaddingTop + PaddingBottom - Reach(KernelHeight, DilationHeight)) / StrideHeight) + 1,
        ((Input.Width + PaddingLeft + PaddingRight - Reach(KernelWidth, DilationWidth)) / StrideWidth) + 1);

    /// <summary>Extents of the weight: (output channels, kernel height, kernel width, input channels of a group).</summary>
    public IReadOnlyList<int> WeightShape => [OutputChannels, KernelHeight, KernelWidth, GroupInputChannels];

    /// <summary>Entries of the patch that one output entry is a product with: kernel height × kernel width × input channels of a group.</summary>
    public int PatchSize => checked(KernelHeight * KernelWidth * GroupInputChannels);

    internal int GroupInputChannels => Input.Channels / Groups;

    internal int GroupOutputChannels => OutputChannels / Groups;

    internal bool HasPadding => (PaddingTop | PaddingLeft | PaddingBottom | PaddingRight) != 0;

    /// <summary>Whether kernel entries meet neighbours in the image, and every output sees some of it: what convolutions without patches take.</summary>
    internal bool IsCompact => DilationHeight == 1 && DilationWidth == 1 && Math.Max(PaddingTop, PaddingBottom) < KernelHeight && Math.Max(PaddingLeft, PaddingRight) < KernelWidth;

    /// <summary>Whether every position is mapped by itself: the patches are the image.</summary>
    internal bool IsPointwise => KernelHeight == 1 && KernelWidth == 1 && StrideHeight == 1 && StrideWidth == 1 && !HasPadding;

    /// <summary>A square kernel of odd size with the padding that keeps height and width at stride 1, and ⌈extent / stride⌉ in general.</summary>
    /// <param name="input">The images that come in.</param>
    /// <param name="outputChannels">Channels of the output, ≥ 1.</param>
    /// <param name="kernel">Rows and columns of the kernel, odd.</param>
    /// <param name="stride">Stride of both axes, ≥ 1.</param>
    /// <exception cref="ArgumentException">The kernel is even.</exception>
    public static ConvolutionShape Centered(ImageShape input, int outputChannels, int kernel, int stride = 1)
    {
        if (kernel < 1 || kernel % 2 == 0)
            throw new ArgumentException($"a centred kernel has an odd number of rows and columns, got {kernel}; give the padding of each side instead", nameof(kernel));
        int padding = kernel / 2;
        return new ConvolutionShape
        {
            Input = input,
            OutputChannels = outputChannels,
            KernelHeight = kernel,
            KernelWidth = kernel,
            StrideHeight = stride,
            StrideWidth = stride,
            PaddingTop = padding,
            PaddingLeft = padding,
            PaddingBottom = padding,
            PaddingRight = padding,
        };
    }

    /// <summary>Throws where the extents do not fit together.</summary>
    /// <param name="argument">What the caller calls this shape.</param>
    /// <exception cref="ArgumentException">An extent is out of range, the kernel is larger than the padded image, or the groups do not divide the channels.</exception>
    internal void Validate(string argument)
    {
        RequireAtLeast(1, Input.Channels, "input channels", argument);
        RequireAtLeast(1, OutputChannels, "output channels", argument);
        RequireAtLeast(1, Groups, "groups", argument);
        RequireAxis("height", Input.Height, KernelHeight, DilationHeight, StrideHeight, PaddingTop, PaddingBottom, argument);
        RequireAxis("width", Input.Width, KernelWidth, DilationWidth, StrideWidth, PaddingLeft, PaddingRight, argument);
        if (Input.Channels % Groups != 0 || OutputChannels % Groups != 0)
            throw new ArgumentException($"{Groups} groups must divide both the {Input.Channels} input and the {OutputChannels} output channels; choose a common divisor of the two", argument);
        _ = checked(Input.Size + Output.Size + (OutputChannels * PatchSize));
    }

    private static void RequireAxis(string axis, int extent, int kernel, int dilation, int stride, int before, int after, string argument)
    {
        RequireAtLeast(1, extent, $"image {axis}", argument);
        RequireAtLeast(1, kernel, $"kernel {axis}", argument);
        RequireAtLeast(1, dilation, $"dilation along the {axis}", argument);
        RequireAtLeast(1, stride, $"stride along the {axis}", argument);
        RequireAtLeast(0, Math.Min(before, after), $"padding along the {axis}", argument);
        long reach = ((long)dilation * (kernel - 1)) + 1, padded = (long)extent + before + after;
        if (reach > padded)
            throw new ArgumentException($"the kernel's {axis}, {kernel}{(dilation > 1 ? $" at dilation {dilation}" : "")}, is larger than the padded image's, {extent} + {before} + {after}; choose a smaller kernel or more padding", argument);
        if (padded > Array.MaxLength)
            throw new ArgumentException($"the padded image's {axis}, {extent} + {before} + {after}, is more than fits in memory", argument);
    }

    private static int Reach(int kernel, int dilation) => (dilation * (kernel - 1)) + 1;

    private static void RequireAtLeast(int least, int value, string what, string argument)
    {
        if (value < least)
            throw new ArgumentException($"expected {what} of at least {least}, got {value}", argument);
    }
}
