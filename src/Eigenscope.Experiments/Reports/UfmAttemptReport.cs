using System.Text.Json.Serialization;
using Eigenscope.Analysis;

namespace Eigenscope.Experiments.Reports;

/// <summary>One start of the optimiser and where it ended.</summary>
/// <param name="InitScale">Factor on the entries of the start.</param>
/// <param name="Status">converged, stalled, budget-exhausted, interrupted, finished or diverged.</param>
/// <param name="Iterations">Iterations done.</param>
/// <param name="Loss">Objective at the end; undefined when it diverged.</param>
/// <param name="Stationarity">Norm of the objective's gradient there.</param>
/// <param name="Rank">Rank of the class-mean logits (centred where the logits are free up to a constant: cross-entropy, or a bias).</param>
/// <param name="HiddenRank">Rank of the class means before the last activation; with one weight matrix that of the features.</param>
/// <param name="EffectiveRank">exp of the entropy of the singular values of the class-mean logits over their sum; undefined when they are zero or it diverged.</param>
/// <param name="Nearest">The candidate solution whose structure it has; null, with a reason beside it, when it has none's.</param>
/// <param name="NearestReason">Why there is none; null otherwise.</param>
/// <param name="IsReported">Whether the measurements are of this attempt.</param>
public sealed record UfmAttemptReport(
    double InitScale,
    string Status,
    int Iterations,
    Number Loss,
    Number Stationarity,
    int Rank,
    int HiddenRank,
    Number EffectiveRank,
    string? Nearest,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NearestReason,
    bool IsReported);
