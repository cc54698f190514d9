using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Reports.Pages;
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
        RankChoice choice = new(plan, weights, host.Compute, random.Split("fine-tuning"), announce, cancellation);
        (CompressedNetwork compressed, RankSearchReport? search) = plan.Validation is { } validation ? choice.Search(validation) : (choice.ByRule(), null);
        announce(new RunProgress("measuring", 1.0, "accuracy and time"));
        CompressResult result = new CompressMeasurement(plan, weights, host.Compute, new RunClock(time), cancellation).Measure(compressed, search);
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
            SaveModel = path => plan.Model.Save(path, compressed.Network, compressed.End, weights.Ranks(compressed.Ranks)),
        };
        return report with { Page = new Lazy<ReportPage>(() => CompressPage.Build(plan, result, report)) };
    }
}
