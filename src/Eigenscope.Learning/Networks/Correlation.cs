namespace Eigenscope.Learning.Networks;

/// <summary>
/// How addresses run in a correlation of a padded image with a kernel: position (i, j) reads lines of <see cref="Depth"/> contiguous entries, the first at i · SourceRow + j · SourceStep,
/// and writes its channels at i · TargetRow + j · TargetStep. All distances are in entries.
/// </summary>
internal readonly struct Correlation<T>
{
    /// <summary>Rows of positions.</summary>
    public required int Rows { get; init; }

    /// <summary>Positions of a row.</summary>
    public required int Columns { get; init; }

    /// <summary>Channels written at a position.</summary>
    public required int Channels { get; init; }

    /// <summary>Lines of the kernel.</summary>
    public required int Lines { get; init; }

    /// <summary>Contiguous entries of a line.</summary>
    public required int Depth { get; init; }

    /// <summary>From a kernel line to the next in the source.</summary>
    public required nint SourceLine { get; init; }

    /// <summary>From a row of positions to the next in the source.</summary>
    public required nint SourceRow { get; init; }

    /// <summary>From a position to the next in the source.</summary>
    public required nint SourceStep { get; init; }

    /// <summary>From a row of positions to the next in the target.</summary>
    public required nint TargetRow { get; init; }

    /// <summary>From a position to the next in the target.</summary>
    public required nint TargetStep { get; init; }

    /// <summary>Entries of the kernel for one channel.</summary>
    public int KernelSize => Lines * Depth;
}
