using System.Globalization;

namespace Eigenscope.Experiments.Sweeps;

/// <summary>Turns a recipe into a plan: every combination of options with every seed, each checked as its command line would be, and nothing run before all of them are right.</summary>
public static class SweepPlanner
{
    private const int MostRuns = 100_000;

    /// <summary>Plans a sweep.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="folder">Folder that paths in the options are relative to.</param>
    /// <param name="prepare">Understands command lines.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="UsageException">Some runs cannot be carried out; the message lists every fault once, with the runs it concerns.</exception>
    public static SweepPlan Plan(SweepRecipe recipe, string folder, RunPreparation prepare)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(prepare);
        RequireOwnOptions(recipe);
        long combinations = recipe.Axes.Aggregate((long)recipe.Seeds.Count, static (count, axis) => Math.Min(count * axis.Values.Count, MostRuns + 1L));
        if (combinations > MostRuns)
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"sweep {recipe.Name}: expected at most {MostRuns:N0} runs, got more: shorten a list, or make two sweeps"));
        RunLines lines = new(folder) { Threads = recipe.Threads, Precision = recipe.Precision };
        SweepRun[] runs = [.. from options in Combinations(recipe.Axes) from seed in recipe.Seeds select lines.Create(recipe.Command, options, seed)];
        RequireSound(recipe, runs, prepare);
        return new SweepPlan
        {
            Name = recipe.Name,
            Command = recipe.Command,
            Threads = recipe.Threads,
            Folder = folder,
            KeepsArrays = recipe.KeepsArrays,
            KeepsModels = recipe.KeepsModels,
            CheckpointSeconds = recipe.CheckpointSeconds,
            Axes = [.. recipe.Axes.Where(static axis => axis.Values.Count > 1)],
            Runs = runs,
        };
    }

    private static void RequireOwnOptions(SweepRecipe recipe)
    {
        Dictionary<string, string> others = new(StringComparer.Ordinal)
        {
            ["seed"] = "seeds: stands beside options",
            ["threads"] = "threads: stands beside options",
            ["precision"] = "precision: stands beside options",
            ["json"] = "the store keeps every run's JSON",
            ["report"] = "'sweep --report' writes one page of all runs",
            ["arrays"] = "the store keeps every run's arrays",
            ["save"] = "the store keeps every run's model",
            ["quiet"] = "the runs of a sweep print nothing",
            ["checkpoint"] = "a sweep keeps its checkpoints itself",
            ["require-converged"] = "the table of the sweep shows what converged",
        };
        string[] faults = [.. recipe.Axes.Where(axis => others.ContainsKey(axis.Option)).Select(axis => $"options: {axis.Option} is not for a recipe: {others[axis.Option]}")];
        if (faults.Length > 0)
            throw new UsageException(string.Join("; ", faults));
    }

    private static IEnumerable<(string Option, string Value)[]> Combinations(IReadOnlyList<SweepAxis> axes)
    {
        IEnumerable<(string Option, string Value)[]> all = [[]];
        foreach (SweepAxis axis in axes)
            all = all.SelectMany(before => axis.Values.Select(value => ((string Option, string Value)[])[.. before, (axis.Option, value)]));
        return all;
    }

    private static void RequireSound(SweepRecipe recipe, SweepRun[] runs, RunPreparation prepare)
    {
        // The seed changes nothing of what is right.
        SweepRun[] distinct = [.. runs.Where(run => run.Seed == recipe.Seeds[0])];
        List<(string Fault, string Where)> faults = [];
        foreach (SweepRun run in distinct)
        {
            if (RunLines.Fault(run, prepare) is { } fault)
                faults.AddRange(fault.Split("; ").Select(part => (part, Describe(recipe, run))));
        }
        if (faults.Count == 0)
            return;
        IEnumerable<string> told = faults.GroupBy(static fault => fault.Fault, StringComparer.Ordinal)
            .Select(group => group.Count() == distinct.Length ? group.Key : string.Create(CultureInfo.InvariantCulture, $"{group.Key} ({group.Count()} of {distinct.Length} combinations, the first {group.First().Where})"));
        throw new UsageException($"sweep {recipe.Name}: {string.Join("; ", told)}");
    }

    private static string Describe(SweepRecipe recipe, SweepRun run) =>
        string.Join(", ", recipe.Axes.Where(static axis => axis.Values.Count > 1).Select(axis => $"{axis.Option} {run.Options[axis.Option]}"));
}
