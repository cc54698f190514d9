namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>Measured values by their rank, and as lines what theory predicts of them.</summary>
public sealed record SpectrumFigure : PageFigure
{
    /// <summary>Rank, from 1.</summary>
    public required PageAxis X { get; init; }

    /// <summary>Value.</summary>
    public required PageAxis Y { get; init; }

    /// <summary>Measured, each a series of marks.</summary>
    public required IReadOnlyList<SpectrumSeries> Measured { get; init; }

    /// <summary>Predicted levels; empty where there is no prediction.</summary>
    public IReadOnlyList<PredictedLevel> Predicted { get; init; } = [];

    /// <summary>Ranks marked on the axis, as K and K²; empty for none.</summary>
    public IReadOnlyList<MarkedRank> Marks { get; init; } = [];

    /// <summary>Whether the series are in an order themselves (moments of training), which colours then show.</summary>
    public bool IsOrdered { get; init; }

    /// <summary>Where the prediction is from: "closed form" or "class means"; null for none.</summary>
    public string? PredictedFrom { get; init; }

    /// <summary>The verdict of the solver in short, as "converged, largest residual 2e-12"; null where nothing was iterated.</summary>
    public string? Verdict { get; init; }

    /// <summary>Whether the verdict is a doubt.</summary>
    public bool IsDoubtful { get; init; }
}
