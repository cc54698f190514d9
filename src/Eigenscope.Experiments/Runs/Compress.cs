using Eigenscope.Analysis.Ranks;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Reports.Pages;
using Eigenscope.Learning.Compression;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Training;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Experiments.Runs;

/// <summary>Makes a trained network smaller: weights are cut to a low rank and become products of two factors, and what that costs is measured on samples that nothing before has seen.</summary>
public static class Compress
{
    /// <summary>Checks the options without reading a file.</summary>
    /// <param name="options">The options.</param>
    /// <param name="settings">Seed, precision, threads.</param>
    /// <exception cref="UsageException">Something is wrong; the message lists everything that is.</exception>
    public static void Validate(CompressOptions options, RunSettings settings)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(settings);
        CompressRecipe.Validate(options, settings);
    }

    /// <summary>Compresses a model.</summary>
    /// <param name="options">Model, data, how ranks are chosen.</param>
    /// <param name="settings">Seed, precision, threads, kernels, folders.</param>
    /// <param name="time">The clock.</param>
    /// <param name="progress">Told where the run is, or null.</param>
    /// <param name="cancellation">Stops the search at the ranks found so far, and fine-tuning after the current step; the network as it is then is measured and reported as partial.</param>
    /// <returns>The report.</returns>
    /// <exception cref="UsageException">An option is wrong, model or data cannot be used, or one does not fit the other; nothing was computed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled while data was being downloaded.</exception>
    public static Report Run(CompressOptions options, RunSettings settings, TimeProvider time, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(time);
        Validate(options, settings);
        RandomStream random = new RandomStream(settings.Seed).Split("compress");
        CompressPlan plan = CompressRecipe.Resolve(options, settings, random, progress, cancellation);
        RunHost host = RunHost.Start(settings);
        Action<RunProgress> announce = progress is null ? static _ => { } : progress.Report;
        LowRankWeights weights = new(plan.Model, host.Compute);
        (int[] ranks, RankSearchReport? search) = Choose(plan, weights, host.Compute, announce, cancellation);
        (Network network, double[] state) = weights.Factored(ranks);
        TrainingState end = TrainingState.Initial(state);
        FineTuningReport? tuning = null;
        if (plan.Options.FineTuneEpochs > 0 && !cancellation.IsCancellationRequested)
            (end, tuning) = FineTuning.Run(plan, network, state, host.Compute, random.Split("fine-tuning"), announce, cancellation);
        announce(new RunProgress("measuring", 1.0, "accuracy and time"));
        CompressResult result = new CompressMeasurement(plan, weights, host.Compute, new RunClock(time), cancellation).Measure(ranks, network, state, end.Parameters, search, tuning);
        Report report = new()
        {
            Command = "compress",
            Version = RunHost.Version,
            Environment = host.Describe(settings),
            Config = CompressConfig.Describe(plan, settings, host.Compute.Threads),
            Result = result,
            IsConverged = !result.Partial,
            IsPartial = result.Partial,
            Findings = CompressFindings.Describe(plan, result),
            Tables = CompressTables.Build(result),
            SaveModel = path => (plan.Model with { Network = network, State = end, Note = plan.Model.Note with { Ranks = weights.Ranks(ranks) } }).Save(path),
        };
        return report with { Page = new Lazy<ReportPage>(() => CompressPage.Build(plan, result, report)) };
    }

    private static (int[] Ranks, RankSearchReport? Search) Choose(CompressPlan plan, LowRankWeights weights, Compute compute, Action<RunProgress> announce, CancellationToken cancellation)
    {
        if (plan.Validation is null)
            return (weights.Plan(part => RankOf(plan, part)), null);
        RankSearch search = new(weights, new Classifier(plan, plan.Model.Network, plan.Validation, compute), plan.Model.State.Parameters, plan.AllowedDrop, announce, cancellation);
        RankTrial found = search.Run();
        return (found.Ranks, new RankSearchReport(plan.AllowedDrop, found.Accuracy.Samples, search.Tried, found.Accuracy.Before, found.Accuracy.After, found.Accuracy.StandardError, Holds: false));
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
