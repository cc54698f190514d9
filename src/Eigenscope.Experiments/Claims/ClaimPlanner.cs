using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Runs;
using Eigenscope.Experiments.Store;
using Eigenscope.Experiments.Sweeps;

namespace Eigenscope.Experiments.Claims;

/// <summary>Chooses claims and turns them into command lines.</summary>
internal sealed class ClaimPlanner(IReadOnlyList<Claim> catalogue, ReproduceOptions options, RunSettings settings, SweepHost host)
{
    /// <summary>What chooses all claims whose expectation is exact.</summary>
    public const string Oracles = "oracles";

    /// <summary>Why a claim is not judged that the time does not allow for.</summary>
    public const string Budget = "budget";

    /// <summary>Threads of a run: one, so that as many runs go side by side as there are cores, and results do not depend on how many there are.</summary>
    public int Threads { get; } = settings.Threads ?? 1;

    /// <summary>The claims that were asked for, in the order of the catalogue.</summary>
    /// <exception cref="UsageException">A name is none, or a change does not belong to any claim; the message lists all.</exception>
    public IReadOnlyList<PlannedClaim> Plan()
    {
        Dictionary<string, string> set = Changes();
        Claim[] chosen = Chosen();
        RequireOwners(chosen, set);
        RunLines lines = new(host.Folder) { Threads = Threads, Precision = settings.Precision };
        return [.. chosen.Select(claim => Plan(claim, set, lines))];
    }

    /// <summary>The claims that fit a budget, the cheapest first; the others are given their reason.</summary>
    /// <param name="claims">All of them.</param>
    /// <param name="seconds">Seconds of one core.</param>
    /// <param name="store">Runs that it has cost nothing; null for none.</param>
    public static IReadOnlyList<PlannedClaim> Fit(IReadOnlyList<PlannedClaim> claims, double seconds, RunStore? store)
    {
        HashSet<string> counted = new(StringComparer.Ordinal);
        HashSet<PlannedClaim> over = [];
        double total = 0.0;
        foreach (PlannedClaim claim in claims.Where(static claim => claim.Obstacle is null).OrderBy(static claim => claim.Claim.Seconds))
        {
            (ClaimRun Of, SweepRun Run)[] fresh = [.. claim.Runs.Where(run => !counted.Contains(run.Run.Id) && store?.IsOver(run.Run.Id) is not true)];
            double cost = fresh.Sum(static run => run.Of.Seconds);
            if (total + cost > seconds)
            {
                over.Add(claim);
                continue;
            }
            total += cost;
            counted.UnionWith(fresh.Select(static run => run.Run.Id));
        }
        return [.. claims.Select(claim => over.Contains(claim) ? claim with { Obstacle = Budget } : claim)];
    }

    /// <summary>The runs of all claims that can be judged as one plan, each once, those of the cheapest claims first.</summary>
    public SweepPlan Runs(IReadOnlyList<PlannedClaim> claims) => new()
    {
        Name = "reproduce",
        Command = "reproduce",
        Threads = Threads,
        Folder = host.Folder,
        KeepsArrays = false,
        KeepsModels = false,
        CheckpointSeconds = 30.0,
        Axes = [],
        Runs = [.. claims.Where(static claim => claim.Obstacle is null).OrderBy(static claim => claim.Claim.Seconds).SelectMany(static claim => claim.Runs).Select(static run => run.Run).DistinctBy(static run => run.Id, StringComparer.Ordinal)],
    };

    private PlannedClaim Plan(Claim claim, Dictionary<string, string> set, RunLines lines)
    {
        Dictionary<string, string> own = new(claim.Settings, StringComparer.Ordinal);
        foreach ((string name, string value) in set.Where(change => own.ContainsKey(change.Key)))
            own[name] = value;
        // A setting is the claim's own, whatever options are called.
        (string Key, string Value)[] changes = [.. set.Where(change => !own.ContainsKey(change.Key)).Select(static change => (change.Key, change.Value))];
        (ClaimRun Of, SweepRun Run)[] runs =
        [
            .. from run in claim.Runs
               from seed in Enumerable.Range(0, run.Seeds)
               select (run, lines.Create(run.Command, [.. run.Options.Select(static option => (option.Key, option.Value)), .. changes], settings.Seed + (ulong)seed)),
        ];
        PlannedClaim planned = new(claim, own, set, runs);
        string[] faults = [.. runs.DistinctBy(static run => run.Of.Name, StringComparer.Ordinal).Select(run => RunLines.Fault(run.Run, host.Prepare)).OfType<string>().Distinct(StringComparer.Ordinal)];
        if (faults.Length > 0 && changes.Length > 0)
            throw new UsageException($"--set: {claim.Id}: {string.Join("; ", faults)}");
        return faults.Length > 0 ? planned with { Obstacle = string.Join("; ", faults) } : planned;
    }

    private Claim[] Chosen()
    {
        if (options.All || options is { List: true, Claims.Count: 0 })
            return [.. catalogue];
        if (options.Claims.FirstOrDefault(static name => name.StartsWith('-')) is { } option)
            throw new UsageException($"unknown option '{option}' of 'reproduce'; 'eigenscope reproduce --help' lists the options");
        string[] unknown = [.. options.Claims.Where(name => !catalogue.Any(claim => Names(claim, name)))];
        if (unknown.Length > 0)
            throw new UsageException($"there is no claim '{string.Join("', '", unknown)}'{Near(unknown[0])}; 'eigenscope reproduce --list' shows them, and a paper's key or '{Oracles}' means all of its kind");
        return [.. catalogue.Where(claim => options.Claims.Any(name => Names(claim, name)))];
    }

    // The names begin with the paper, so that what begins alike is near.
    private string Near(string name)
    {
        (string? nearest, int shared) = catalogue.Select(claim => (claim.Id, Shared(claim.Id, name))).OrderByDescending(static pair => pair.Item2).FirstOrDefault();
        return nearest is not null && 2 * shared > name.Length ? $" (did you mean {nearest}?)" : "";
    }

    private static int Shared(string left, string right) => left.Zip(right).TakeWhile(static pair => pair.First == pair.Second).Count();

    private static bool Names(Claim claim, string name) =>
        string.Equals(name, claim.Id, StringComparison.Ordinal) || string.Equals(name, claim.Paper.Key, StringComparison.Ordinal) || string.Equals(name, claim.Paper.Reference, StringComparison.Ordinal)
        || (claim.IsOracle && string.Equals(name, Oracles, StringComparison.Ordinal));

    private Dictionary<string, string> Changes()
    {
        OptionFaults faults = new();
        Dictionary<string, string> changes = new(StringComparer.Ordinal);
        foreach (string change in options.Set)
        {
            int at = change.IndexOf('=', StringComparison.Ordinal);
            faults.Require(at > 0 && at < change.Length - 1, "--set", "an option of the claim's runs and its value, as weight-decay=0.1", change);
            if (at > 0)
                changes[change[..at].TrimStart('-')] = change[(at + 1)..];
        }
        faults.Require(changes.Count == 0 || !options.All, "--set", "given for claims by name, not for all of them", string.Join(", ", options.Set));
        faults.ThrowIfAny();
        return changes;
    }

    // An option that no run names may still be one that its command has; a claim without runs has its settings alone.
    private static void RequireOwners(Claim[] claims, Dictionary<string, string> set)
    {
        foreach (Claim claim in claims.Where(static claim => claim.Runs.Count == 0))
        {
            string[] foreign = [.. set.Keys.Where(name => !claim.Settings.ContainsKey(name))];
            if (foreign.Length > 0)
                throw new UsageException($"--set: {claim.Id} has the settings {string.Join(", ", claim.Settings.Keys)}, got {string.Join(", ", foreign)}");
        }
    }
}
