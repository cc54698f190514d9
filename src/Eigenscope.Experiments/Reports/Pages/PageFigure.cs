using System.Text.Json.Serialization;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>A figure: what it is, what it shows in one sentence with numbers, the formula of what is drawn, and the numbers.</summary>
[JsonDerivedType(typeof(SpectrumFigure), "spectrum")]
[JsonDerivedType(typeof(LineFigure), "lines")]
[JsonDerivedType(typeof(MultiplesFigure), "multiples")]
[JsonDerivedType(typeof(PhaseFigure), "phase")]
[JsonDerivedType(typeof(HeatFigure), "heat")]
[JsonDerivedType(typeof(BarFigure), "bars")]
[JsonDerivedType(typeof(DensityFigure), "density")]
public abstract record PageFigure
{
    /// <summary>Name, unique in the page: lower-case letters, digits and dashes. Files saved from the figure bear it.</summary>
    public required string Id { get; init; }

    /// <summary>What is drawn, in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>What the figure shows, in one sentence with numbers.</summary>
    public required string Sentence { get; init; }

    /// <summary>The definition of what is drawn, in TeX's mathematics.</summary>
    public required string Formula { get; init; }

    /// <summary>What was left out or cannot be drawn, and what is doubtful; null for nothing.</summary>
    public string? Note { get; init; }

    /// <summary>Whether it needs the page's whole width.</summary>
    public bool IsWide { get; init; }
}
