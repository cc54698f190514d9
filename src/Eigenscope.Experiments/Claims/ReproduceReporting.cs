using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Reports.Pages;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Experiments.Claims;

/// <summary>Judged claims as a report: findings, tables, page.</summary>
internal static class ReproduceReporting
{
    public static Report Report(ReproduceResult result, ReproduceOptions options, RunSettings settings, int threads, RunHost machine)
    {
        Report report = new()
        {
            Command = "reproduce",
            Version = RunHost.Version,
            Environment = machine.Describe(settings),
            Config = Config(options, settings, threads),
            Result = result,
            IsConverged = result.Claims.All(static claim => claim.Verdict is not ClaimResult.NotJudged),
            IsPartial = result.Partial,
            Failure = options.Strict ? Failure(result) : null,
            Findings = options.List ? [] : ReproduceTables.Findings(result),
            Tables = options.List ? [ReproduceTables.List(result)] : ReproduceTables.Build(result),
        };
        return options.List ? report : report with { Page = new Lazy<ReportPage>(() => ReproducePage.Build(result, report)) };
    }

    private static string? Failure(ReproduceResult result) => result.NotReproduced == 0 ? null
        : $"{Axes.Count(result.NotReproduced, "claim")} {(result.NotReproduced == 1 ? "was" : "were")} not reproduced: {string.Join(", ", result.Claims.Where(static claim => claim.Verdict is ClaimResult.NotReproduced).Select(static claim => claim.Id))}";

    private static Dictionary<string, object?> Config(ReproduceOptions options, RunSettings settings, int threads)
    {
        Dictionary<string, object?> config = new(StringComparer.Ordinal)
        {
            ["claims"] = options.Claims,
            ["all"] = options.All,
            ["list"] = options.List,
            ["budget"] = options.Budget,
            ["set"] = options.Set,
            ["strict"] = options.Strict,
        };
        options.Engine.Describe(config, settings);
        config["threadsPerRun"] = threads;
        config["seed"] = settings.Seed;
        config["precision"] = settings.Precision;
        config["threads"] = RunHost.ThreadsOf(settings);
        return config;
    }
}
