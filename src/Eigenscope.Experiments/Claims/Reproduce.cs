using System.Globalization;
using System.Text;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Experiments.Store;
using Eigenscope.Experiments.Sweeps;

namespace Eigenscope.Experiments.Claims;

/// <summary>Derives the papers' claims again from scratch, and says of each whether it came out.</summary>
public static class Reproduce
{
    /// <summary>Chooses claims, carries out the runs that the store does not have, and judges.</summary>
    /// <param name="options">The options.</param>
    /// <param name="settings">Home folder, first seed, precision and threads of the runs.</param>
    /// <param name="host">What the face gives.</param>
    /// <param name="time">The clock.</param>
    /// <param name="progress">Told how many runs are over, or null.</param>
    /// <param name="cancellation">Lets the runs under way keep how far they are, and stops.</param>
    /// <returns>The report.</returns>
    /// <exception cref="UsageException">An option, a claim's name or the store is not what is expected; nothing was run.</exception>
    /// <exception cref="RunFailedException">Workers cannot be started, the store cannot be written, or a cluster's controller does not answer.</exception>
    public static Report Run(ReproduceOptions options, RunSettings settings, SweepHost host, TimeProvider time, IProgress<RunProgress>? progress, CancellationToken cancellation) =>
        Run(Catalogue.All, options, settings, host, time, progress, cancellation);

    /// <summary>The same with claims of one's own.</summary>
    internal static Report Run(IReadOnlyList<Claim> catalogue, ReproduceOptions options, RunSettings settings, SweepHost host, TimeProvider time, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(time);
        Check(options);
        ClaimPlanner planner = new(catalogue, options, settings, host);
        IReadOnlyList<PlannedClaim> claims = planner.Plan();
        RunHost machine = RunHost.Start(settings);
        ReproduceResult result = options.List
            ? Listed(claims, machine)
            : Judged(planner, claims, options, settings, host, machine, time, progress, cancellation);
        return ReproduceReporting.Report(result, options, settings, planner.Threads, machine);
    }

    private static void Check(ReproduceOptions options)
    {
        OptionFaults faults = new();
        if (options is { List: false, All: false, Claims.Count: 0 })
            faults.Add(["expected claims, a paper or 'oracles', or --all; --list shows what there is"]);
        faults.Require(!options.All || options.Claims.Count == 0, "--all", "given without claims", string.Join(' ', options.Claims));
        faults.Require(options.Budget is null || TimeSpanText.Parse(options.Budget) is not null, "--budget", "a time such as 90s, 10m or 2h", options.Budget ?? "");
        faults.Add(options.Engine.Faults());
        faults.ThrowIfAny();
    }

    private static ReproduceResult Listed(IReadOnlyList<PlannedClaim> claims, RunHost machine)
    {
        ClaimJudge judge = new(new Dictionary<string, SweepRunReport>(StringComparer.Ordinal), null, machine.Compute);
        return Result(null, [.. claims.Select(judge.Plain)], null, partial: false);
    }

    private static ReproduceResult Judged(ClaimPlanner planner, IReadOnlyList<PlannedClaim> claims, ReproduceOptions options, RunSettings settings, SweepHost host, RunHost machine, TimeProvider time, IProgress<RunProgress>? progress, CancellationToken cancellation)
    {
        bool runsAny = claims.Any(static claim => claim.Runs.Count > 0);
        RunStore? store = runsAny ? Sweep.OpenStore(options.Engine, settings) : null;
        TimeSpan? budget = options.Budget is { } text ? TimeSpanText.Parse(text) : null;
        if (budget is { } limit)
            claims = ClaimPlanner.Fit(claims, limit.TotalSeconds * (options.Engine.Jobs ?? Math.Max(1, PhysicalCores.Count() / planner.Threads)), store);
        using CancellationTokenSource deadline = new(budget ?? Timeout.InfiniteTimeSpan, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        SweepPlan plan = planner.Runs(claims);
        SweepResult? runs = store is null || plan.Runs.Count == 0 ? null : Sweep.Carry(plan, Origin(options, settings, planner.Threads, claims), options.Engine, host, store, time, progress, either.Token);
        Dictionary<string, SweepRunReport> found = (runs?.Runs ?? []).ToDictionary(static run => run.Id, StringComparer.Ordinal);
        ClaimJudge judge = new(found, store, machine.Compute);
        string missing = cancellation.IsCancellationRequested ? "interrupted" : deadline.IsCancellationRequested ? ClaimPlanner.Budget : options.Engine.Status || runs?.Slurm is not null ? "its runs are not over" : "its runs are missing";
        return Result(store?.Folder, [.. claims.Select(claim => judge.Judge(claim, missing))], runs, cancellation.IsCancellationRequested);
    }

    private static ReproduceResult Result(string? store, IReadOnlyList<ClaimResult> claims, SweepResult? runs, bool partial) => new()
    {
        Store = store,
        Reproduced = claims.Count(static claim => claim.Verdict is ClaimResult.Reproduced),
        NotReproduced = claims.Count(static claim => claim.Verdict is ClaimResult.NotReproduced),
        NotJudged = claims.Count(static claim => claim.Verdict is ClaimResult.NotJudged),
        Claims = claims,
        Slurm = runs?.Slurm,
        Partial = partial,
    };

    // The job that collects names the claims, what was changed and what else runs are known by as this command did; what it left out for its time is no matter of the cluster.
    private static PlanOrigin Origin(ReproduceOptions options, RunSettings settings, int threads, IReadOnlyList<PlannedClaim> claims)
    {
        string[] names = [.. claims.Where(static claim => claim.Obstacle is not ClaimPlanner.Budget).Select(static claim => claim.Claim.Id)];
        return new PlanOrigin
        {
            Text = Encoding.UTF8.GetBytes(string.Concat(names.Select(static name => $"{name}\n"))),
            CollectCommand =
            [
                "reproduce", .. names, .. options.Set.SelectMany(static change => (string[])["--set", change]),
                "--seed", settings.Seed.ToString(CultureInfo.InvariantCulture), "--threads", threads.ToString(CultureInfo.InvariantCulture), "--precision", settings.Precision,
            ],
            WritesTable = false,
        };
    }
}
