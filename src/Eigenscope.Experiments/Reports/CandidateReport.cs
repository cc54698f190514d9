namespace Eigenscope.Experiments.Reports;

/// <summary>A known solution and its loss.</summary>
/// <param name="Name">zero, dnc, rank-r, low-rank or srg.</param>
/// <param name="Rank">Rank of its class-mean logits.</param>
/// <param name="HiddenRank">Rank of its class means before the last activation.</param>
/// <param name="Loss">The objective there.</param>
public sealed record CandidateReport(string Name, int Rank, int HiddenRank, double Loss);
