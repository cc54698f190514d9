using System.Globalization;
using Eigenscope.Experiments.Engines.Slurm;
using Eigenscope.Experiments.Reports;

namespace Eigenscope.Experiments.Sweeps;

/// <summary>What a cluster does of a sweep, in sentences and as a table.</summary>
internal static class SlurmReporting
{
    private const int MostRuns = 50;

    /// <summary>What was done with the cluster, and what it says of runs that are missing.</summary>
    /// <param name="report">What was done.</param>
    /// <param name="isPartial">Whether it was interrupted.</param>
    /// <param name="states">What it says of each missing run that was ever submitted.</param>
    /// <param name="command">The command with its argument, for who wants to look again.</param>
    public static IEnumerable<string> Describe(SlurmReport report, bool isPartial, IReadOnlyList<SlurmRun> states, string command)
    {
        if (isPartial)
            yield return $"The wait was interrupted: what was submitted goes on; '{command} --engine slurm --status' shows how far it is, and --cancel ends it.";
        if (report.Cancelled is { } cancelled)
            yield return $"{Count(cancelled, "task")} cancelled.";
        if (report.Submitted is { } submitted)
            yield return Describe(submitted);
        if (report.Submitted is { Collect: { } collect })
            yield return string.Create(CultureInfo.InvariantCulture, $"When all have ended, job {collect} writes {string.Join(", ", report.Collected)}.");
        string[] counts = [.. states.GroupBy(static run => run.State, StringComparer.Ordinal).OrderBy(static state => state.Key, StringComparer.Ordinal).Select(static state => $"{Text(state.Count())} {state.Key}")];
        if (counts.Length > 0)
            yield return $"Of what is missing, Slurm says: {string.Join(", ", counts)}. Scripts and logs are in {report.Folder}.";
        if (states.Any(static run => run.State is SlurmRun.Stuck))
            yield return "Stuck runs wait for what will not come by itself: 'scontrol release JOB' lets held ones go on, '--resubmit' cancels them and submits them again.";
    }

    public static SummaryTable Queue(SweepResult result) => new(
        "Runs that the store has nothing of",
        [Column("run"), new SummaryColumn("seed", IsNumeric: true), Column("options"), Column("state"), Column("task"), Column("Slurm says")],
        [.. result.Runs.Where(static run => run.Slurm is not null).Take(MostRuns).Select(static run => (IReadOnlyList<string>)[run.Id, run.Seed.ToString(CultureInfo.InvariantCulture), string.Join(" ", run.Options.Select(static option => $"{option.Key}={option.Value}")), run.Slurm!.State, run.Slurm.Job ?? Format.Undefined, run.Slurm.Word])],
        ["A task carries out its runs one after the other: running is said of all of them. Lost: the task ended well or is gone, and there is no result; 'sweep RECIPE --engine slurm' submits failed and lost tasks again."]);

    private static string Describe(SlurmSubmitted submitted)
    {
        string others = (submitted.UnderWay > 0 ? $"; {Text(submitted.UnderWay)} were under way already" : "") + (submitted.Stuck > 0 ? $"; {Text(submitted.Stuck)} are stuck, and were left so" : "");
        return submitted.Job is { } job ? string.Create(CultureInfo.InvariantCulture, $"{Count(submitted.Runs, "run")} submitted in {Count(submitted.Tasks, "task")} as job {job}{others}.") : $"Nothing was submitted{others}.";
    }

    private static string Count(int number, string what) => $"{Text(number)} {what}{(number == 1 ? "" : "s")}";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static SummaryColumn Column(string header) => new(header, IsNumeric: false);
}
