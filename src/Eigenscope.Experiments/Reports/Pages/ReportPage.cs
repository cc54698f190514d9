namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>A report as a page for people: text, tables and figures in order, with every number that is drawn. Faces lay it out and compute nothing.</summary>
public sealed record ReportPage
{
    /// <summary>What was studied: "Digits, a network of four layers".</summary>
    public required string Title { get; init; }

    /// <summary>The same in one line with its main numbers.</summary>
    public required string Subtitle { get; init; }

    /// <summary>Program and version that made it.</summary>
    public required string Generator { get; init; }

    /// <summary>Whether the run was interrupted: what is here is what was done so far.</summary>
    public bool IsPartial { get; init; }

    /// <summary>Findings as sentences with numbers, most important first.</summary>
    public required IReadOnlyList<string> Findings { get; init; }

    /// <summary>What was run, on what data, where, and with which options.</summary>
    public required IReadOnlyList<PageFactGroup> Facts { get; init; }

    /// <summary>The rest, in order.</summary>
    public required IReadOnlyList<PageSection> Sections { get; init; }
}
