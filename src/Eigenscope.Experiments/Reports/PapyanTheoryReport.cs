using Eigenscope.Theory;

namespace Eigenscope.Experiments.Reports;

/// <summary>Papyan's parts of a layer's Gauss–Newton matrix at the collapsed optimum.</summary>
/// <param name="WithinClass">Non-zero eigenvalues of the within-class part.</param>
/// <param name="CrossClass">Of the cross-class part.</param>
/// <param name="Class">Of the class part.</param>
public sealed record PapyanTheoryReport(IReadOnlyList<PredictedGroup> WithinClass, IReadOnlyList<PredictedGroup> CrossClass, IReadOnlyList<PredictedGroup> Class);
