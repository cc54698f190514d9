using System.Text.Json.Serialization;
using Eigenscope.Analysis;

namespace Eigenscope.Experiments.Reports;

/// <summary>The closed form of the collapsed solution, the other candidates, and which of them was reached.</summary>
public sealed record TheoryReport
{
    /// <summary>Lowest loss of all solutions that are known.</summary>
    public required double Loss { get; init; }

    /// <summary>The known solution that has it: dnc, zero, low-rank or srg. That no better one exists is proved for the linear model with mean squared error only.</summary>
    public required string Optimal { get; init; }

    /// <summary>Whether the zero solution has no higher loss than the collapsed one.</summary>
    public required bool IsZeroBelowCollapsed { get; init; }

    /// <summary>Loss of the collapsed solution; undefined past the spinodal.</summary>
    public required Number CollapsedLoss { get; init; }

    /// <summary>p: the class-mean logits are p times an orthogonal frame (MSE) or simplex; undefined past the spinodal.</summary>
    public required Number Gain { get; init; }

    /// <summary>s: every non-zero singular value of every weight.</summary>
    public required Number SingularValue { get; init; }

    /// <summary>Norm of the class means of the features.</summary>
    public required Number ClassMeanNorm { get; init; }

    /// <summary>a: the outliers of every layer's Hessian (for cross-entropy the factor that all three groups share).</summary>
    public required Number Outlier { get; init; }

    /// <summary>Rank of the collapsed solution: K, or K − 1 where the logits are free up to a constant.</summary>
    public required int FullRank { get; init; }

    /// <summary>Weight decay, at the same ratio of the decays, at which zero takes over.</summary>
    public required Number Threshold { get; init; }

    /// <summary>Weight decay past which the collapsed branch does not exist.</summary>
    public required Number Spinodal { get; init; }

    /// <summary>Rank of the class-mean logits that the reported attempt reached.</summary>
    public required int Rank { get; init; }

    /// <summary>Rank of the class means before the last activation there.</summary>
    public required int HiddenRank { get; init; }

    /// <summary>The candidate solution whose structure was reached; null when it is none's.</summary>
    public required string? Nearest { get; init; }

    /// <summary>Why none; null otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NearestReason { get; init; }

    /// <summary>Losses of the solutions that are known, lowest first.</summary>
    public required IReadOnlyList<CandidateReport> Candidates { get; init; }

    /// <summary>Predictions of the collapsed solution, layer by layer.</summary>
    public required IReadOnlyList<LayerTheoryReport> Layers { get; init; }

    /// <summary>Measured beside predicted, for the numbers that the closed form fixes.</summary>
    public required IReadOnlyList<ComparisonReport> Comparisons { get; init; }
}
