namespace Eigenscope.Theory.UnconstrainedFeatures;

/// <summary>A stationary point in closed form that a run may end in.</summary>
/// <param name="Name">"zero", "dnc", "rank-r" with the rank in place of r, "low-rank", or "srg".</param>
/// <param name="Rank">Rank of the class-mean logits; but for "srg", the number of non-zero singular values of every weight matrix.</param>
/// <param name="Loss">Its regularised loss.</param>
public sealed record UfmCandidate(string Name, int Rank, double Loss)
{
    /// <summary>Rank of the class means before the last ReLU: <see cref="Rank"/> but for "srg", where it is the number of vertices.</summary>
    public int HiddenRank { get; init; } = Rank;
}
