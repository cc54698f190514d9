namespace Eigenscope.Experiments.Reports;

/// <summary>A known solution and its loss.</summary>
/// <param name="Name">zero, dnc, rank-r or low-rank.</param>
/// <param name="Rank">Rank of its class-mean logits.</param>
/// <param name="Loss">The objective there.</param>
public sealed record CandidateReport(string Name, int Rank, double Loss);
