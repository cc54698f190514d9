using System.Globalization;

namespace Eigenscope.Experiments.Runs;

/// <summary>
/// Looks for the ranks of fewest parameters at which accuracy on validation samples falls by no more than is allowed, the doubt of the samples included (<see cref="PairedAccuracy.LargestDrop"/>). Two stages: one threshold on σ_j/σ_1 for all weights, by bisection, that may
/// use half of what is allowed; then, step by step, the weight whose lower rank saves most parameters for what it costs, by a quarter at first and by halves towards what was too much, until no weight's rank can fall by one. Accuracy is taken to fall with
/// every rank, which it does but for a few samples: what is found is a plan that cannot be lowered in one place, not the smallest there is.
/// What was tried is kept: searches with other falls allowed look at no plan twice.
/// </summary>
internal sealed class RankSearch(LowRankWeights weights, Classifier validation, double[] state, Action<RunProgress> progress, CancellationToken cancellation)
{
    private const double FirstShare = 0.5;
    private const double Step = 0.75;
    private const int MostCandidates = 8;
    private readonly int[] _before = validation.Predict(state);
    private readonly int[] _refused = new int[weights.Parts.Count];
    private readonly List<RankTrial> _trials = [];

    /// <summary>Plans that were tried, in all searches.</summary>
    public int Tried => _trials.Count;

    /// <summary>Searches, until there is nothing to gain or it is cancelled.</summary>
    /// <param name="allowed">By how much accuracy may fall.</param>
    /// <returns>The plan found; all weights whole where nothing can be cut, which needs no samples to be allowed. After a cancellation the smallest of all plans tried that is allowed.</returns>
    public RankTrial Run(double allowed)
    {
        Array.Clear(_refused);
        RankTrial whole = Try(new int[weights.Parts.Count]), best = Threshold(whole, allowed);
        while (!cancellation.IsCancellationRequested && Lower(best, allowed) is { } lower)
            best = lower;
        return cancellation.IsCancellationRequested ? _trials.Where(trial => trial == whole || IsAllowed(trial.Accuracy, allowed)).MinBy(static trial => trial.Parameters)! : best;
    }

    private RankTrial Threshold(RankTrial whole, double allowed)
    {
        double[] levels = [.. weights.Parts.SelectMany(static part => part.SingularValues.Select(value => value / part.SingularValues[0])).Where(double.IsFinite).Order()];
        RankTrial best = whole;
        int good = -1, bad = levels.Length;
        while (bad - good > 1 && !cancellation.IsCancellationRequested)
        {
            int middle = good + ((bad - good) / 2);
            RankTrial trial = Try(weights.Plan(part => Math.Max(1, part.SingularValues.Count(value => value > levels[middle] * part.SingularValues[0]))));
            if (IsAllowed(trial.Accuracy, FirstShare * allowed))
                (good, best) = (middle, trial);
            else
                bad = middle;
        }
        return best;
    }

    private RankTrial? Lower(RankTrial current, double allowed)
    {
        RankTrial? best = null;
        foreach (int layer in Candidates(current))
        {
            if (cancellation.IsCancellationRequested)
                break;
            int[] plan = [.. current.Ranks];
            plan[layer] = Target(layer, plan[layer]);
            RankTrial trial = Try(plan);
            if (!IsAllowed(trial.Accuracy, allowed))
                _refused[layer] = plan[layer];
            else if (best is null || Worth(trial, current) > Worth(best, current))
                best = trial;
        }
        return best;
    }

    // A quarter lower, or halfway to the rank that was too low; a whole weight is first cut where factors begin to save. Other ranks only fall later, so that what was refused stays so.
    private int Target(int layer, int rank)
    {
        if (rank == 0)
            return weights.Parts[layer].LargestSavingRank;
        return Math.Max(1, Math.Min(rank - 1, Math.Max((int)(Step * rank), (rank + _refused[layer]) / 2)));
    }

    private IEnumerable<int> Candidates(RankTrial current) => Enumerable.Range(0, weights.Parts.Count)
        .Where(layer => current.Ranks[layer] != 1 && weights.Parts[layer].LargestSavingRank > 0 && Target(layer, current.Ranks[layer]) > _refused[layer])
        .OrderByDescending(layer => weights.Parts[layer].Size(current.Ranks[layer] == 0 ? int.MaxValue : current.Ranks[layer]))
        .Take(MostCandidates);

    // Parameters saved for each sample lost, one sample at least.
    private double Worth(RankTrial trial, RankTrial current) =>
        (current.Parameters - trial.Parameters) / Math.Max(1.0, validation.Samples * (trial.Accuracy.Drop - current.Accuracy.Drop));

    /// <summary>Whether accuracy falls by no more than is allowed, the doubt of the samples included.</summary>
    public static bool IsAllowed(PairedAccuracy accuracy, double drop) => accuracy.LargestDrop <= drop;

    private RankTrial Try(int[] plan)
    {
        if (_trials.Find(known => known.Ranks.AsSpan().SequenceEqual(plan)) is { } before)
            return before;
        RankTrial trial = new(plan, weights.Parameters(plan), PairedAccuracy.Of(validation.Labels, _before, validation.Predict(weights.Truncated(plan))));
        _trials.Add(trial);
        progress(new RunProgress("searching ranks", Math.Min(1.0, _trials.Count / 100.0), string.Create(CultureInfo.InvariantCulture, $"{_trials.Count} tried · {trial.Parameters} parameters · accuracy {trial.Accuracy.After:F4}")));
        return trial;
    }
}

/// <summary>A plan of ranks that was tried.</summary>
/// <param name="Ranks">A rank for each weight, 0 where it stays whole.</param>
/// <param name="Parameters">Of the network of factors.</param>
/// <param name="Accuracy">On the validation samples, beside the network as it was.</param>
internal sealed record RankTrial(int[] Ranks, int Parameters, PairedAccuracy Accuracy);
