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

    /// <summary>Whether each position stands by itself: predictions are levels across it, not lines from one to the next.</summary>
    public bool IsLevelled { get; init; }

    /// <summary>Whether neighbouring positions have nothing to do with each other, as seeds: values are marks that nothing joins.</summary>
    public bool IsUnjoined { get; init; }
}
