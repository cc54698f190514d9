using System.Text.Json.Serialization;

namespace Eigenscope.Experiments.Reports;

/// <summary>What a run of the deep unconstrained feature model found; its properties, in camel case, are <c>result</c> in the JSON.</summary>
public sealed record UfmResult
{
    /// <summary>The objective at the end: data loss plus decay of weights and features.</summary>
    public required double Loss { get; init; }

    /// <summary>Mean loss over the samples.</summary>
    public required double DataLoss { get; init; }

    /// <summary>½ λ Σ ‖W_l‖² + ½ λ_H ‖H_1‖².</summary>
    public required double DecayLoss { get; init; }

    /// <summary>Share of samples whose largest logit is their class.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Norm of the data loss's gradient over weights and features.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>Norm of the objective's gradient over weights and features.</summary>
    public required double Stationarity { get; init; }

    /// <summary>Number of parameters, features included.</summary>
    public required int Parameters { get; init; }

    /// <summary>Whether the optimiser reached its tolerance, every spectrum converged and the run was not cut short.</summary>
    public required bool Converged { get; init; }

    /// <summary>How the reported attempt ended: converged, stalled, budget-exhausted, interrupted, finished (gradient descent) or diverged.</summary>
    public required string Status { get; init; }

    /// <summary>Iterations of the reported attempt.</summary>
    public required int Iterations { get; init; }

    /// <summary>Every attempt; the one that is reported is marked.</summary>
    public required IReadOnlyList<UfmAttemptReport> Attempts { get; init; }

    /// <summary>How often attempts ended in each rank, ranks descending.</summary>
    public required IReadOnlyList<RankCount> Ranks { get; init; }

    /// <summary>Gradient flow beside the descent, for cross-entropy without decay by gradient descent from a Hadamard start; null, and not written, for other runs.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FlowReport? Flow { get; init; }

    /// <summary>Why gradient flow could not be followed; null, and not written, otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FlowReason { get; init; }

    /// <summary>How often the independent starts of the first scale (<c>--starts</c>; not the larger ones that followed, nor what was interrupted) ended in each solution, most often first.</summary>
    public required IReadOnlyList<EndingReport> Endings { get; init; }

    /// <summary>Zero eigenvalues of the objective's Hessian in the weights, and in weights and features, beside what is predicted; empty where the run was interrupted before them.</summary>
    public required IReadOnlyList<NullityReport> Nullity { get; init; }

    /// <summary>The weight layers, input first.</summary>
    public required IReadOnlyList<LayerReport> Layers { get; init; }

    /// <summary>What the papers' theorems speak of, layer by layer.</summary>
    public required IReadOnlyList<UfmStructureReport> Structure { get; init; }

    /// <summary>Collapse of the logits.</summary>
    public required OutputReport Output { get; init; }

    /// <summary>Spectra of the data loss (weights; features held fixed), then of the whole objective.</summary>
    public required IReadOnlyList<SpectrumReport> Spectra { get; init; }

    /// <summary>The closed form and what of it was reached; null, with the reason beside it, where there is none.</summary>
    public required TheoryReport? Theory { get; init; }

    /// <summary>Why there is no closed form; null when there is one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TheoryReason { get; init; }

    /// <summary>The same in short, from the start to the end; <c>epoch</c> and <c>step</c> count iterations.</summary>
    public required IReadOnlyList<TrajectoryPoint> Trajectory { get; init; }

    /// <summary>Whether the run was interrupted and this is what was done so far.</summary>
    public required bool Partial { get; init; }
}
