namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>Numbers along training, along the layers, or along anything else that has an order.</summary>
public sealed record LineFigure : PageFigure
{
    /// <summary>Along what.</summary>
    public required PageAxis X { get; init; }

    /// <summary>The numbers.</summary>
    public required PageAxis Y { get; init; }

    /// <summary>The lines.</summary>
    public required IReadOnlyList<LineSeries> Lines { get; init; }

    /// <summary>Whether the lines are in an order themselves (the layers, from the input on), which colours then show.</summary>
    public bool IsOrdered { get; init; }
}
