using Eigenscope.Analysis.Ranks;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Learning.Compression;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Training;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Experiments.Runs;

/// <summary>A network of factors: the plan of ranks, its state after the cut and at the end, and how its factors were trained, if they were.</summary>
internal sealed record CompressedNetwork(int[] Ranks, Network Network, double[] Cut, TrainingState End, FineTuningReport? Tuning);

/// <summary>
/// Chooses ranks and trains the factors. With fine-tuning the search counts on it: cuts that cost more than is allowed are tried first, from hard to mild, each is trained, and the first that costs no more than is allowed on the samples that the
/// search looks at is taken; where none does, the cut that costs no more without training is, and its training is kept only where it still costs no more. A network of which nothing is cut is not trained. The network as it was has been trained on those samples, and so are the factors: of two networks of which only one has seen them, that one would win.
/// What it costs on samples that neither has seen is measured at the end.
/// </summary>
internal sealed class RankChoice(CompressPlan plan, LowRankWeights weights, Compute compute, RandomStream random, Action<RunProgress> progress, CancellationToken cancellation)
{
    private static readonly double[] HardCuts = [0.7, 0.4, 0.15, 0.05];

    /// <summary>By rank, energy or theory.</summary>
    public CompressedNetwork ByRule() => Build(weights.Plan(part => RankOf(plan, part)));

    /// <summary>By what accuracy on validation samples may cost.</summary>
    /// <returns>The network, and its accuracy on the validation samples as it is returned.</returns>
    public (CompressedNetwork Network, RankSearchReport Report) Search(Dataset validation)
    {
        Classifier whole = new(plan, plan.Model.Network, validation, compute);
        RankSearch search = new(weights, whole, plan.Model.State, progress, cancellation);
        (CompressedNetwork network, PairedAccuracy accuracy) = HardCut(search, whole, validation) ?? MildCut(search, whole, validation);
        return (network, Describe(accuracy, search.Tried));
    }

    // The hardest cut that training mends; null where there is none. Two searches that end at one plan train it once.
    private (CompressedNetwork Network, PairedAccuracy Accuracy)? HardCut(RankSearch search, Classifier whole, Dataset validation)
    {
        int[] last = [];
        foreach (double cut in plan.Options.FineTuneEpochs > 0 ? HardCuts.Where(cut => cut > plan.AllowedDrop) : [])
        {
            int[] ranks = search.Run(cut).Ranks;
            if (cancellation.IsCancellationRequested)
                break;
            if (ranks.SequenceEqual(last) || IsWhole(ranks))
                continue;
            CompressedNetwork tuned = Build(last = ranks);
            PairedAccuracy accuracy = Compare(whole, tuned, validation);
            if (RankSearch.IsAllowed(accuracy, plan.AllowedDrop))
                return (tuned, accuracy);
        }
        return null;
    }

    // What the search alone allows, trained where that keeps it allowed.
    private (CompressedNetwork Network, PairedAccuracy Accuracy) MildCut(RankSearch search, Classifier whole, Dataset validation)
    {
        RankTrial mild = search.Run(plan.AllowedDrop);
        CompressedNetwork built = Build(mild.Ranks);
        if (built.Tuning is not { Status: not "diverged" } tuning)
            return (built, mild.Accuracy);
        PairedAccuracy accuracy = Compare(whole, built, validation);
        return RankSearch.IsAllowed(accuracy, plan.AllowedDrop)
            ? (built, accuracy)
            : (built with { End = TrainingState.Initial(built.Cut), Tuning = tuning with { Status = "refused" } }, mild.Accuracy);
    }

    private PairedAccuracy Compare(Classifier whole, CompressedNetwork network, Dataset validation) =>
        PairedAccuracy.Of(validation.Labels, whole.Predict(plan.Model.State), new Classifier(plan, network.Network, validation, compute).Predict(network.End.Parameters));

    private static bool IsWhole(int[] ranks) => ranks.All(static rank => rank == 0);

    private RankSearchReport Describe(PairedAccuracy accuracy, int tried) => new(plan.AllowedDrop, accuracy.Samples, tried, accuracy.Before, accuracy.After, accuracy.StandardError, Holds: false);

    private CompressedNetwork Build(int[] ranks)
    {
        (Network network, double[] state) = weights.Factored(ranks);
        if (plan.Options.FineTuneEpochs == 0 || IsWhole(ranks) || cancellation.IsCancellationRequested)
            return new CompressedNetwork(ranks, network, state, TrainingState.Initial(state), null);
        (TrainingState end, FineTuningReport tuning) = FineTuning.Run(plan, network, state, compute, random, progress, cancellation);
        return new CompressedNetwork(ranks, network, state, end, tuning);
    }

    private static int RankOf(CompressPlan plan, WeightDecomposition part) => plan.Options switch
    {
        { Rank: { } rank } => rank,
        { Energy: { } energy } => EnergyRank(part.SingularValues, energy),
        _ => plan.PredictedRank,
    };

    // The smallest rank that keeps the share; of a zero weight, which has nothing to keep, 1.
    private static int EnergyRank(IReadOnlyList<double> values, double energy)
    {
        double total = RankProfile.DistanceToRank(values, 0);
        double largest = Math.Sqrt(1.0 - energy) * total;
        return Enumerable.Range(1, values.Count).First(rank => rank == values.Count || RankProfile.DistanceToRank(values, rank) <= largest);
    }
}
