using System.Globalization;
using System.Text.Json;
using Eigenscope.Experiments.Runs;
using Eigenscope.Experiments.Store;
using Eigenscope.Experiments.Sweeps;
using Eigenscope.Numerics.Execution;

namespace Eigenscope.Experiments.Claims;

/// <summary>Says of claims whether they are reproduced, by what a store has of their runs.</summary>
/// <param name="runs">What became of each run, by identity; empty where none were asked for.</param>
/// <param name="store">Where their reports are; null where there are no runs.</param>
/// <param name="compute">Where checks without runs compute.</param>
internal sealed class ClaimJudge(IReadOnlyDictionary<string, SweepRunReport> runs, RunStore? store, Compute compute)
{
    /// <summary>Judges one claim.</summary>
    /// <param name="planned">The claim.</param>
    /// <param name="missing">Why runs may be missing: "budget", "interrupted", ….</param>
    public ClaimResult Judge(PlannedClaim planned, string missing)
    {
        ClaimResult plain = Plain(planned);
        if ((planned.Obstacle ?? Absence(planned, missing)) is { } reason)
            return plain with { Verdict = ClaimResult.NotJudged, Reason = reason };
        CheckResult[] checks = Compare(planned);
        CheckResult[] broken = [.. checks.Where(static check => !check.Holds)];
        CheckResult shown = broken.FirstOrDefault() ?? checks[0];
        return plain with
        {
            Verdict = broken.Length == 0 ? ClaimResult.Reproduced : ClaimResult.NotReproduced,
            Reason = broken.Length == 0 ? null : string.Join("; ", broken.Select(static check => $"{check.Name}: {ClaimText.Shortfall(check)}")),
            Measured = shown.Measured,
            Expected = shown.Expected,
            Tolerance = shown.Tolerance,
            Checks = checks,
        };
    }

    /// <summary>The claim without a verdict.</summary>
    public ClaimResult Plain(PlannedClaim planned)
    {
        Claim claim = planned.Claim;
        return new ClaimResult
        {
            Id = claim.Id,
            Paper = claim.Paper.Reference,
            PaperTitle = claim.Paper.Title,
            Statement = claim.Statement,
            IsOracle = claim.IsOracle,
            Expected = claim.Checks[0].Expected.Describe(),
            Tolerance = claim.Checks[0].Expected.Tolerance,
            Seconds = planned.Runs.Sum(run => runs.GetValueOrDefault(run.Run.Id)?.Seconds ?? 0.0),
            EstimatedSeconds = claim.Seconds,
            Cost = claim.Cost,
            Checks = [],
            Runs = [.. planned.Runs.Select(run => Result(run.Of, run.Run))],
            Set = planned.Set,
            RefutedBy = claim.RefutedBy,
            Caveats = [.. claim.Caveats, .. Doubts(planned)],
        };
    }

    private ClaimRunResult Result(ClaimRun of, SweepRun run)
    {
        SweepRunReport? found = runs.GetValueOrDefault(run.Id);
        return new ClaimRunResult(of.Name, run.Id, run.Seed, run.Arguments, found?.Status ?? RunRecord.Missing) { Error = found?.Error, Slurm = found?.Slurm };
    }

    private string? Absence(PlannedClaim planned, string missing)
    {
        SweepRunReport?[] found = [.. planned.Runs.Select(run => runs.GetValueOrDefault(run.Run.Id))];
        if (found.FirstOrDefault(static run => run is { Status: RunRecord.Failed }) is { } failed)
            return $"a run failed: {failed.Error}";
        if (found.FirstOrDefault(static run => run is { Slurm.IsUnderWay: false }) is { Slurm: { } slurm })
            return $"the cluster says of a run: {slurm.State}, {slurm.Word}";
        return found.Any(static run => run is not { Status: RunRecord.Done }) ? missing : null;
    }

    private IEnumerable<string> Doubts(PlannedClaim planned)
    {
        int open = planned.Runs.Count(run => runs.GetValueOrDefault(run.Run.Id)?.Facts is { Converged: false });
        if (open > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"In {open} of {planned.Runs.Count} runs an iterative number did not converge; their reports in the store tell which.");
        // A run is known by its command line, which says nothing of who carried it out.
        int old = store is null ? 0 : planned.Runs.Count(run => runs.GetValueOrDefault(run.Run.Id) is { Status: RunRecord.Done } && !string.Equals(store.Read(run.Run.Id).Version, RunHost.Version, StringComparison.Ordinal));
        if (old > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"{old} of {planned.Runs.Count} runs were carried out by another version of the program; another --store derives them anew.");
    }

    private CheckResult[] Compare(PlannedClaim planned)
    {
        List<JsonDocument> documents = [];
        try
        {
            Dictionary<string, IReadOnlyList<RunReport>> reports = new(StringComparer.Ordinal);
            foreach (IGrouping<string, (ClaimRun Of, SweepRun Run)> seeds in planned.Runs.GroupBy(static run => run.Of.Name, StringComparer.Ordinal))
                reports[seeds.Key] = [.. seeds.Select(run => Read(run.Run.Id, documents))];
            Evidence evidence = new(reports, planned.Settings, compute);
            return [.. planned.Claim.Checks.Select(check => Compare(check, evidence))];
        }
        finally
        {
            documents.ForEach(static document => document.Dispose());
        }
    }

    private RunReport Read(string id, List<JsonDocument> documents)
    {
        JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(store!.FolderOf(id), RunStore.ReportName)));
        documents.Add(document);
        return new RunReport(document.RootElement);
    }

    private static CheckResult Compare(ClaimCheck check, Evidence evidence)
    {
        Measured measured = check.Measure(evidence);
        IReadOnlyList<bool> holds = check.Expected.Hold(measured.Values);
        IReadOnlyList<(double Low, double High)>? bands = check.Expected.Bands(measured.Values.Count);
        return new CheckResult
        {
            Name = check.Name,
            Source = check.Source,
            Along = check.Along,
            Places = measured.Places,
            Measured = measured.Values,
            StandardErrors = measured.StandardErrors,
            Expected = check.Expected.Describe(),
            ExpectedValues = check.Expected.Values,
            Low = bands is null ? null : [.. bands.Select(static band => Finite(band.Low))],
            High = bands is null ? null : [.. bands.Select(static band => Finite(band.High))],
            Tolerance = check.Expected.Tolerance,
            // Nothing measured is nothing shown.
            Holds = holds.Count > 0 && holds.All(static one => one),
            HoldsEach = holds,
            IsLogarithmic = check.IsLogarithmic,
        };
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
