namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>Small panels of lines under the same axes, one for each part of a whole, as the layers of a network.</summary>
public sealed record MultiplesFigure : PageFigure
{
    /// <summary>Along what.</summary>
    public required PageAxis X { get; init; }

    /// <summary>The numbers.</summary>
    public required PageAxis Y { get; init; }

    /// <summary>The panels, in order. Lines of one name are one thing in all of them.</summary>
    public required IReadOnlyList<LinePanel> Panels { get; init; }

    /// <summary>Whether the lines are in an order themselves, which colours then show.</summary>
    public bool IsOrdered { get; init; }
}

/// <summary>One panel.</summary>
/// <param name="Title">What it is: "layer 3".</param>
/// <param name="Lines">Its lines.</param>
public sealed record LinePanel(string Title, IReadOnlyList<LineSeries> Lines);
