namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>Matrices as pictures under one scale of colours.</summary>
public sealed record HeatFigure : PageFigure
{
    /// <summary>The pictures.</summary>
    public required IReadOnlyList<HeatPanel> Panels { get; init; }

    /// <summary>The value of byte 0.</summary>
    public required double Low { get; init; }

    /// <summary>The value of byte 255.</summary>
    public required double High { get; init; }

    /// <summary>What the colours mean.</summary>
    public required string Scale { get; init; }

    /// <summary>Whether zero lies in the middle of the scale and the two signs have colours of their own.</summary>
    public bool IsDiverging { get; init; }

    /// <summary>Whether the scale counts powers of ten: the values are logarithms.</summary>
    public bool IsLogarithmic { get; init; }
}
