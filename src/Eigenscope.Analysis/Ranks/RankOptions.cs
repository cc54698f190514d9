namespace Eigenscope.Analysis.Ranks;

/// <summary>What a <see cref="RankProfile"/> needs to know beside the matrix.</summary>
public sealed record RankOptions
{
    /// <summary>K of the distance to rank K, ≥ 0: usually the number of classes.</summary>
    public required int TargetRank { get; init; }

    /// <summary>ε of the numerical rank, in [0, 1); default 1e-3.</summary>
    public double NumericalRankThreshold { get; init; } = 1e-3;
}
