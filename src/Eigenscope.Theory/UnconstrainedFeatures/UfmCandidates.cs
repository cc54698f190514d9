using System.Globalization;

namespace Eigenscope.Theory.UnconstrainedFeatures;

/// <summary>The stationary points that are known in closed form, so that a run's end can be told apart and no one of them is asserted to be the best.</summary>
public static class UfmCandidates
{
    /// <summary>
    /// All candidates of a setting that exist, by loss.
    /// <list type="bullet">
    /// <item>"zero": always.</item>
    /// <item>"dnc": the branch of <see cref="UfmOptimum"/>, unless past the spinodal.</item>
    /// <item>"rank-r", mean squared error, L ≥ 2: r &lt; K of the modes (r &lt; K − 1 with a last bias) at the same singular value s, the others at zero. A local
    /// minimum of loss <c>(M − r)/(2K) + (r/2K)(1−p)² + ½(L+1) r λ s²</c>, M = K or K − 1. For L = 1 the modes at zero are unstable, so it is left out.</item>
    /// <item>"low-rank", cross-entropy, even K ≥ 4: classes in pairs of opposite logits, rank K/2,
    /// <c>log(1 + (K−2)e^{−β} + e^{−2β}) + ½(L+1)(K/2) λ s²</c> with 2β = s^{L+1}c at the largest root (arXiv 2410.23169).</item>
    /// </list>
    /// </summary>
    /// <param name="setting">What to solve.</param>
    /// <returns>The candidates, smallest loss first; of equal losses the smaller rank first.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="setting"/> is null.</exception>
    /// <exception cref="ArgumentException">A size or a decay is out of range; the message names all of them.</exception>
    public static IReadOnlyList<UfmCandidate> List(UfmSetting setting)
    {
        UfmOptimum collapse = UfmOptimum.Solve(setting);
        List<UfmCandidate> all = [new UfmCandidate("zero", 0, collapse.ZeroLoss)];
        if (collapse.Exists)
            all.Add(new UfmCandidate("dnc", collapse.Rank, collapse.Loss));
        if (collapse.Exists && setting.Loss == UfmLoss.MeanSquaredError && setting.Depth >= 2)
            all.AddRange(PartialRanks(setting));
        if (setting.Loss == UfmLoss.CrossEntropy && setting.Classes >= 4 && int.IsEvenInteger(setting.Classes))
            all.AddRange(Paired(setting));
        return Sorted(all);
    }

    /// <summary>
    /// The same with a ReLU between the layers (not on the features), for mean squared error without a bias: the candidates of the linear model, whose class means a ReLU can carry unchanged, and "srg", the
    /// <see cref="StronglyRegularOptimum"/>, where it exists.
    /// </summary>
    /// <param name="setting">What to solve.</param>
    /// <returns>The candidates, smallest loss first; of equal losses the smaller rank first.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="setting"/> is null.</exception>
    /// <exception cref="ArgumentException">A size or a decay is out of range, or the class means form a simplex, which no ReLU carries.</exception>
    public static IReadOnlyList<UfmCandidate> ListRectified(UfmSetting setting)
    {
        IReadOnlyList<UfmCandidate> linear = List(setting);
        if (setting.IsCentred)
            throw new ArgumentException("With cross-entropy or a bias the class means form a simplex, which sums to zero, and a ReLU cannot carry it: ask for mean squared error without a bias.", nameof(setting));
        return StronglyRegularOptimum.Solve(setting) is { } optimum
            ? Sorted([.. linear, new UfmCandidate("srg", setting.Classes, optimum.Loss) { HiddenRank = optimum.Vertices }])
            : linear;
    }

    private static UfmCandidate[] Sorted(IEnumerable<UfmCandidate> candidates) => [.. candidates.OrderBy(static candidate => candidate.Loss).ThenBy(static candidate => candidate.Rank)];

    private static IEnumerable<UfmCandidate> PartialRanks(UfmSetting setting) =>
        from rank in Enumerable.Range(1, setting.CollapsedRank - 1)
        let root = UfmOptimum.LawOf(setting, rank).Solve(setting)
        where root is not null
        select new UfmCandidate(string.Create(CultureInfo.InvariantCulture, $"rank-{rank}"), rank, root.Value.Loss(rank, setting.Depth));

    private static IEnumerable<UfmCandidate> Paired(UfmSetting setting)
    {
        PairedLogitsLaw law = new(setting.Classes, setting.Depth);
        if (law.Solve(setting) is { } root)
            yield return new UfmCandidate("low-rank", law.Rank, root.Loss(law.Rank, setting.Depth));
    }
}
