namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>One matrix as a picture.</summary>
public sealed record HeatPanel
{
    /// <summary>What it is: "input of layer 3".</summary>
    public required string Title { get; init; }

    /// <summary>Rows of the picture, from the top.</summary>
    public required int Rows { get; init; }

    /// <summary>Columns of the picture, from the left.</summary>
    public required int Columns { get; init; }

    /// <summary>One byte a cell, row by row, in base 64: 0 is the scale's low end, 255 its high end.</summary>
    public required string Cells { get; init; }

    /// <summary>Groups of consecutive rows (and, in a square picture, of columns), with lines between them; empty for none.</summary>
    public IReadOnlyList<HeatGroup> Groups { get; init; } = [];

    /// <summary>Names of the rows where each is one thing; empty where groups or nothing name them.</summary>
    public IReadOnlyList<string> RowNames { get; init; } = [];

    /// <summary>What the columns count; null where they are the same as the rows.</summary>
    public string? ColumnLabel { get; init; }

    /// <summary>Columns behind which a line stands, as K; empty for none.</summary>
    public IReadOnlyList<MarkedRank> Marks { get; init; } = [];
}

/// <summary>Consecutive rows of a picture that belong together.</summary>
/// <param name="Name">Name, as that of a class; empty where there are too many to name.</param>
/// <param name="First">First row, from 0.</param>
/// <param name="Count">Number of rows.</param>
public sealed record HeatGroup(string Name, int First, int Count);
