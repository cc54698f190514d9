using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Reports.Pages;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Experiments.Sweeps;

/// <summary>A sweep as a report: findings, tables, page.</summary>
internal static class SweepReporting
{
    public static Report Report(SweepPlan plan, SweepResult result, SweepOptions options, RunSettings settings, RunHost host)
    {
        Report report = new()
        {
            Command = "sweep",
            Version = RunHost.Version,
            Environment = host.Describe(settings),
            Config = Config(plan, options, settings),
            Result = result,
            IsConverged = result.Runs.All(static run => run.Facts is { Converged: true }),
            IsPartial = result.Partial,
            Findings = SweepFindings.Describe(result),
            Tables = SweepTables.Build(result),
            SaveTable = path => SweepCsv.Write(path, result),
        };
        return report with { Page = new Lazy<ReportPage>(() => SweepPage.Build(result, report)) };
    }

    private static Dictionary<string, object?> Config(SweepPlan plan, SweepOptions options, RunSettings settings)
    {
        Dictionary<string, object?> config = new(StringComparer.Ordinal) { ["recipe"] = Path.GetFullPath(options.Recipe) };
        options.Engine.Describe(config, settings);
        config["name"] = plan.Name;
        config["command"] = plan.Command;
        config["threadsPerRun"] = plan.Threads;
        config["arrays"] = plan.KeepsArrays;
        config["models"] = plan.KeepsModels;
        config["seed"] = settings.Seed;
        config["precision"] = settings.Precision;
        config["threads"] = RunHost.ThreadsOf(settings);
        return config;
    }
}
