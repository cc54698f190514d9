using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Reports.Pages;
using Eigenscope.Learning.Data;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Experiments.Runs;

/// <summary>
/// Grokking without a network (arXiv 2407.20199): a recursive feature machine learns modular arithmetic from half of all pairs, fits them exactly from the first iteration on, and answers the other half by chance until its metric
/// has become circulant.
/// </summary>
public static class Grok
{
    /// <summary>Checks the options.</summary>
    /// <param name="options">The options.</param>
    /// <param name="settings">Seed, threads.</param>
    /// <exception cref="UsageException">Something is wrong; the message lists everything that is.</exception>
    public static void Validate(GrokOptions options, RunSettings settings)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(settings);
        GrokRecipe.Validate(options, settings);
    }

    /// <summary>Learns one operation, or all of them.</summary>
    /// <param name="options">What is learned, by which machine.</param>
    /// <param name="settings">Seed, threads, kernels; everything is computed in double.</param>
    /// <param name="time">The clock.</param>
    /// <param name="progress">Told where the run is, or null.</param>
    /// <param name="cancellation">Stops within an iteration; the iterations that were complete are reported as partial.</param>
    /// <returns>The report.</returns>
    /// <exception cref="UsageException">An option is wrong; nothing was computed.</exception>
    /// <exception cref="RunFailedException">A kernel matrix was not positive definite before anything was learned.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the first machine was fitted.</exception>
    public static Report Run(GrokOptions options, RunSettings settings, TimeProvider time, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(time);
        Validate(options, settings);
        GrokPlan plan = GrokRecipe.Resolve(options, settings);
        RunHost host = RunHost.Start(settings);
        List<LearnedOperation> learned = Learn(plan, host, new RandomStream(settings.Seed).Split("grok"), new RunClock(time), progress, cancellation);
        bool partial = learned.Count < plan.Operations.Count || learned.Any(static operation => operation.Report.Status is "interrupted");
        GrokResult result = new()
        {
            Operations = [.. learned.Select(static operation => operation.Report)],
            Converged = !partial && learned.All(static operation => operation.Report.Status is "finished"),
            Partial = partial,
        };
        Report report = new()
        {
            Command = "grok",
            Version = RunHost.Version,
            Environment = host.Describe(settings),
            Config = GrokConfig.Describe(plan, settings, host.Compute.Threads),
            Result = result,
            IsConverged = result.Converged,
            IsPartial = partial,
            Failure = Failure(result),
            Findings = GrokFindings.Describe(plan, result),
            Tables = GrokTables.Build(plan, result),
            Arrays = new Lazy<IReadOnlyList<NamedArray>>(() => GrokArrays.Collect(learned)),
        };
        return report with { Page = new Lazy<ReportPage>(() => GrokPage.Build(plan, learned, report)) };
    }

    // What came before stands, but the run did not do what was asked of it.
    private static string? Failure(GrokResult result)
    {
        string[] failures = [.. result.Operations.Where(static operation => operation.Status is RfmEndingName.NotPositiveDefinite).Select(static operation => $"{operation.Operation}: {operation.Message}")];
        return failures.Length == 0 ? null : string.Join("; ", failures);
    }

    private static List<LearnedOperation> Learn(GrokPlan plan, RunHost host, RandomStream random, RunClock clock, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        List<LearnedOperation> learned = [];
        foreach (ModularOperation operation in plan.Operations)
        {
            if (cancellation.IsCancellationRequested && learned.Count > 0)
                break;
            GrokLearning learning = new(plan, operation, host.Compute, random.Split(GrokRecipe.Name(operation)), clock, GrokProgress.Of(plan, operation, learned.Count, progress));
            try
            {
                learned.Add(learning.Run(cancellation));
            }
            catch (OperationCanceledException) when (learned.Count > 0)
            {
                break;
            }
        }
        return learned;
    }
}
