namespace Eigenscope.Experiments.Reports;

/// <summary>How often attempts ended in a rank.</summary>
/// <param name="Rank">Rank of the class-mean logits.</param>
/// <param name="Count">Number of attempts.</param>
/// <param name="LowestLoss">Lowest objective among them.</param>
public sealed record RankCount(int Rank, int Count, double LowestLoss);
