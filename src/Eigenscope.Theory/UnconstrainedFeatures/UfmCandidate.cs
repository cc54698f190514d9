namespace Eigenscope.Theory.UnconstrainedFeatures;

/// <summary>A stationary point in closed form that a run may end in.</summary>
/// <param name="Name">"zero", "dnc", "rank-r" with the rank in place of r, or "low-rank".</param>
/// <param name="Rank">The number of non-zero singular values of every weight matrix.</param>
/// <param name="Loss">Its regularised loss.</param>
public sealed record UfmCandidate(string Name, int Rank, double Loss);
