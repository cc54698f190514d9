namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>A part of a page.</summary>
public sealed record PageSection
{
    /// <summary>Its heading.</summary>
    public required string Title { get; init; }

    /// <summary>Name for links, unique in the page: lower-case letters, digits and dashes.</summary>
    public required string Anchor { get; init; }

    /// <summary>What is in it, or what to see in it; null when the figures say it all.</summary>
    public string? Sentence { get; init; }

    /// <summary>Numbers in short for a reader who leaves the section folded; null for none.</summary>
    public string? Summary { get; init; }

    /// <summary>A verdict beside the heading of a part; null for none.</summary>
    public PageBadge? Badge { get; init; }

    /// <summary>Figures, in order.</summary>
    public IReadOnlyList<PageFigure> Figures { get; init; } = [];

    /// <summary>Tables below the figures.</summary>
    public IReadOnlyList<SummaryTable> Tables { get; init; } = [];

    /// <summary>Points in sentences.</summary>
    public IReadOnlyList<string> Points { get; init; } = [];

    /// <summary>Command lines below the points, to be copied as they are.</summary>
    public IReadOnlyList<PageCommand> Commands { get; init; } = [];

    /// <summary>Parts that can be folded away one by one, as the layers of a network.</summary>
    public IReadOnlyList<PageSection> Parts { get; init; } = [];

    /// <summary>Whether a part is unfolded at first; a section of the page itself always is.</summary>
    public bool IsOpen { get; init; } = true;
}

/// <summary>A command line with what it is.</summary>
/// <param name="Label">What it does, in a few words.</param>
/// <param name="Line">The line, no character of which is set otherwise.</param>
public sealed record PageCommand(string Label, string Line);

/// <summary>A verdict in one or two words.</summary>
/// <param name="Text">The words.</param>
/// <param name="Kind">How it looks.</param>
public sealed record PageBadge(string Text, PageBadgeKind Kind);

/// <summary>What a verdict means to a reader.</summary>
public enum PageBadgeKind
{
    /// <summary>Nothing is said.</summary>
    Neutral,

    /// <summary>It is as it should be.</summary>
    Good,

    /// <summary>It is not: in red.</summary>
    Failed,
}
