namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>Numbers of named things that have no order, as bars from zero.</summary>
public sealed record BarFigure : PageFigure
{
    /// <summary>The things' names.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>A number for each; null where there is none.</summary>
    public required IReadOnlyList<double?> Values { get; init; }

    /// <summary>Standard error of each number; null where it has none. The whole list is null where no number has one.</summary>
    public IReadOnlyList<double?>? StandardErrors { get; init; }

    /// <summary>What the numbers are.</summary>
    public required PageAxis Y { get; init; }
}
