using Eigenscope.Analysis;

namespace Eigenscope.Experiments.Reports;

/// <summary>Gradient descent without decay from a Hadamard start beside gradient flow, which arXiv 2605.23087 reduces to one equation a mode.</summary>
/// <param name="Time">Learning rate times steps: the time until which the flow was followed.</param>
/// <param name="Loss">The flow's loss there.</param>
/// <param name="SingularValues">The flow's singular values of the class-mean logits but that of the constant, descending.</param>
/// <param name="MeasuredSingularValues">Those of the run, in the same order of modes.</param>
/// <param name="MaxDifference">Largest difference between the two.</param>
/// <param name="EffectiveRank">exp of the entropy of the flow's singular values over their sum; K − 1 at collapse.</param>
/// <param name="MeasuredEffectiveRank">That of the run's.</param>
/// <param name="EffectiveRankLater">The flow's effective rank where its loss has come down to 1e-8.</param>
public sealed record FlowReport(
    double Time,
    double Loss,
    IReadOnlyList<double> SingularValues,
    IReadOnlyList<double> MeasuredSingularValues,
    double MaxDifference,
    double EffectiveRank,
    Number MeasuredEffectiveRank,
    double EffectiveRankLater);
