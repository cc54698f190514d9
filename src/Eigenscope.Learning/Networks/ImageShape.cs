namespace Eigenscope.Learning.Networks;

/// <summary>
/// Extents of one sample's image between layers. Inside a network an image lies channels-last: row-major (height, width, channels), so that a position's channels are contiguous.
/// </summary>
/// <param name="Channels">Channels, ≥ 1.</param>
/// <param name="Height">Rows, ≥ 1.</param>
/// <param name="Width">Columns, ≥ 1.</param>
public readonly record struct ImageShape(int Channels, int Height, int Width)
{
    /// <summary>Number of positions, height × width.</summary>
    public int Positions => Height * Width;

    /// <summary>Number of entries, channels × height × width.</summary>
    public int Size => checked(Channels * Positions);
}
