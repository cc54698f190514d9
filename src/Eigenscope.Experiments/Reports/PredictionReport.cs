using System.Text.Json.Serialization;
using Eigenscope.Analysis;
using Eigenscope.Theory;

namespace Eigenscope.Experiments.Reports;

/// <summary>What theory predicts of a spectrum, and how far from it the measured one is.</summary>
public sealed record PredictionReport
{
    internal const string ClosedForm = "closed-form";

    /// <summary>closed-form (of the unconstrained feature model) or class-means (of the measured network).</summary>
    public required string Source { get; init; }

    /// <summary>Predicted eigenvalues, descending, with multiplicities. Complete for a closed form, the largest for class means.</summary>
    public required IReadOnlyList<PredictedGroup> Groups { get; init; }

    /// <summary>|θ̂_j − θ_j| / |θ_1| of the j-th largest predicted and measured eigenvalues, as far as both lists go; null, and not written, where there is nothing to compare with.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? RelativeErrors { get; init; }

    /// <summary>Largest of <see cref="RelativeErrors"/>.</summary>
    public required Number MaxRelativeError { get; init; }

    /// <summary>‖Q̂ᵀQ‖_F² / k of the predicted and the measured top-k eigenspaces, k = K² raised to the end of a cluster.</summary>
    public required Number SubspaceOverlap { get; init; }

    /// <summary>The k used; null, and not written, where there is no overlap.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? SubspaceOverlapUsed { get; init; }

    /// <summary>Trace of the prediction over the trace of the Gauss–Newton matrix in the same scope.</summary>
    public required Number ExplainedTrace { get; init; }

    /// <summary>Its standard error where that trace was estimated; null, and not written, where it is exact.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ExplainedTraceStandardError { get; init; }
}
