namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>A number over pairs of values of two options, as coloured cells with the number in each; several pictures under one scale.</summary>
public sealed record PhaseFigure : PageFigure
{
    /// <summary>The option along the picture, from the left.</summary>
    public required PhaseSide Columns { get; init; }

    /// <summary>The option up the picture, from below.</summary>
    public required PhaseSide Rows { get; init; }

    /// <summary>The pictures.</summary>
    public required IReadOnlyList<PhasePanel> Panels { get; init; }

    /// <summary>The value at the low end of the scale.</summary>
    public required double Low { get; init; }

    /// <summary>The value at its high end, above the lower.</summary>
    public required double High { get; init; }

    /// <summary>What the colours mean.</summary>
    public required string Scale { get; init; }

    /// <summary>Whether the scale is logarithmic.</summary>
    public bool IsLogarithmic { get; init; }
}

/// <summary>One side of the pictures.</summary>
/// <param name="Label">The option.</param>
/// <param name="Names">Its values, in order.</param>
public sealed record PhaseSide(string Label, IReadOnlyList<string> Names);

/// <summary>One picture; lists go row by row, the lowest first.</summary>
/// <param name="Title">What is the same in all of it: "depth 3"; empty where nothing is to be said.</param>
/// <param name="Values">A number a cell; null where there is none.</param>
/// <param name="Errors">Its standard error; null where it has none.</param>
/// <param name="Gaps">Why there is no number, in a word; null where there is one.</param>
public sealed record PhasePanel(string Title, IReadOnlyList<double?> Values, IReadOnlyList<double?> Errors, IReadOnlyList<string?> Gaps);
