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
/// search looks at is taken; where none does, the cut that costs no more without training is. The network as it was has been trained on those samples, and so are the factors: of two networks of which only one has seen them, that one would win.
/// What it costs on samples that neither has seen is measured at the end.
/// </summary>
internal sealed class RankChoice(CompressPlan plan, LowRankWeights weights, Compute compute, RandomStream random, Action<RunProgress> progress, CancellationToken cancellation)
{
    private static readonly double[] HardCuts = [0.7, 0.4, 0.15, 0.05];

    /// <summary>By rank, energy or theory.</summary>
    public CompressedNetwork ByRule() => Build(weights.Plan(part => RankOf(plan, part)));

    /// <summary>By what accuracy on validation samples may cost.</summary>
    public (CompressedNetwork Network, RankSearchReport Report) Search(Dataset validation)
    {
        Classifier whole = new(plan, plan.Model.Network, validation, compute);
        int tried = 0;
        foreach (double cut in plan.Options.FineTuneEpochs > 0 ? HardCuts.Where(cut => cut > plan.AllowedDrop) : [])
        {
            RankTrial found = Search(whole, cut, ref tried);
            CompressedNetwork tuned = Build(found.Ranks);
            PairedAccuracy accuracy = PairedAccuracy.Of(validation.Labels, whole.Predict(plan.Model.State.Parameters), new Classifier(plan, tuned.Network, validation, compute).Predict(tuned.End.Parameters));
            if (RankSearch.IsAllowed(accuracy, plan.AllowedDrop))
                return (tuned, Describe(accuracy, tried));
            if (cancellation.IsCancellationRequested)
                break;
        }
        RankTrial mild = Search(whole, plan.AllowedDrop, ref tried);
        return (Build(mild.Ranks), Describe(mild.Accuracy, tried));
    }

    private RankTrial Search(Classifier whole, double allowed, ref int tried)
    {
        RankSearch search = new(weights, whole, plan.Model.State.Parameters, allowed, progress, cancellation);
        RankTrial found = search.Run();
        tried += search.Tried;
        return found;
    }

    private RankSearchReport Describe(PairedAccuracy accuracy, int tried) => new(plan.AllowedDrop, accuracy.Samples, tried, accuracy.Before, accuracy.After, accuracy.StandardError, Holds: false);

    private CompressedNetwork Build(int[] ranks)
    {
        (Network network, double[] state) = weights.Factored(ranks);
        if (plan.Options.FineTuneEpochs == 0 || cancellation.IsCancellationRequested)
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
