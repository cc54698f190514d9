using System.Globalization;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Experiments.Sweeps;

namespace Eigenscope.Experiments.Store;

/// <summary>What <c>eigenscope runs</c> does with the store.</summary>
public static class StoredRuns
{
    private const int LeastDigits = 4;

    /// <summary>Lists runs.</summary>
    /// <param name="store">The store's folder; null takes the one under the home folder.</param>
    /// <param name="filter">Which runs.</param>
    /// <param name="limit">Most lines of the table, ≥ 1; the JSON holds all.</param>
    /// <param name="settings">Home folder.</param>
    /// <returns>The report.</returns>
    /// <exception cref="UsageException">There is no store, or the filter is wrong.</exception>
    public static Report List(string? store, RunFilter filter, int limit, RunSettings settings)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        filter.Validate();
        RunStore opened = Open(store, settings);
        using RunIndex index = RunIndex.Open(opened);
        IReadOnlyList<IndexedRun> runs = index.List(filter);
        RunListResult result = new(opened.Folder, runs.Count, [.. runs.Select(RunListEntry.Of)]);
        return Report("runs list", result, settings, new Dictionary<string, object?>(StringComparer.Ordinal) { ["store"] = opened.Folder, ["command"] = filter.Command, ["name"] = filter.Name, ["status"] = filter.Status, ["where"] = filter.Conditions, ["limit"] = limit }, [RunTables.List(result, limit)]);
    }

    /// <summary>Shows one run.</summary>
    /// <param name="store">The store's folder; null takes the one under the home folder.</param>
    /// <param name="id">Its identity, or the first digits of it.</param>
    /// <param name="settings">Home folder.</param>
    /// <returns>The report.</returns>
    /// <exception cref="UsageException">There is no such run.</exception>
    /// <exception cref="RunFailedException">Its folder is damaged.</exception>
    public static Report Show(string? store, string id, RunSettings settings)
    {
        RunStore opened = Open(store, settings);
        string whole = Resolve(opened, id);
        RunRecord record = ReadVerified(opened, whole);
        RunShowResult result = new(record, opened.Has(whole) ? opened.FolderOf(whole) : opened.FailureOf(whole));
        return Report("runs show", result, settings, new Dictionary<string, object?>(StringComparer.Ordinal) { ["store"] = opened.Folder, ["id"] = whole }, RunTables.Show(result));
    }

    /// <summary>Puts runs side by side: the options in which they differ, and their numbers.</summary>
    /// <param name="store">The store's folder; null takes the one under the home folder.</param>
    /// <param name="ids">Their identities, or the first digits of them; two or more. Empty takes those of the filter.</param>
    /// <param name="filter">Which runs, where no identities are given.</param>
    /// <param name="limit">Most lines of the table, ≥ 1.</param>
    /// <param name="settings">Home folder.</param>
    /// <returns>The report.</returns>
    /// <exception cref="UsageException">There is no such run, or fewer than two.</exception>
    public static Report Compare(string? store, IReadOnlyList<string> ids, RunFilter filter, int limit, RunSettings settings)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        filter.Validate();
        RunStore opened = Open(store, settings);
        using RunIndex index = RunIndex.Open(opened);
        HashSet<string> chosen = [.. ids.Select(id => Resolve(index, id))];
        IReadOnlyList<IndexedRun> runs = chosen.Count == 0 ? index.List(filter) : [.. index.List(new RunFilter()).Where(run => chosen.Contains(run.Id))];
        if (runs.Count < 2)
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"runs compare: expected at least two runs, got {runs.Count}; 'eigenscope runs list' shows them"));
        string[] differing = Differing(runs);
        RunCompareResult result = new(opened.Folder, differing, [.. runs.Select(run => new RunCompareEntry(run.Id, run.Command, run.Name, Own(run, differing), run.Status, run.Seconds, run.Facts))]);
        return Report("runs compare", result, settings, new Dictionary<string, object?>(StringComparer.Ordinal) { ["store"] = opened.Folder, ["ids"] = ids, ["limit"] = limit }, [RunTables.Compare(result, limit)]);
    }

    /// <summary>Copies the folder of a run.</summary>
    /// <param name="store">The store's folder; null takes the one under the home folder.</param>
    /// <param name="id">Its identity, or the first digits of it.</param>
    /// <param name="target">A folder that is not there yet.</param>
    /// <param name="settings">Home folder.</param>
    /// <returns>The report.</returns>
    /// <exception cref="UsageException">There is no such run, or the target is there.</exception>
    /// <exception cref="RunFailedException">Its folder is damaged.</exception>
    public static Report Export(string? store, string id, string target, RunSettings settings)
    {
        ArgumentException.ThrowIfNullOrEmpty(target);
        RunStore opened = Open(store, settings);
        string whole = Resolve(opened, id);
        string full = Path.GetFullPath(target);
        if (Directory.Exists(full) || File.Exists(full))
            throw new UsageException($"--out: expected a folder that is not there yet, '{target}' is");
        if (!opened.Has(whole))
            throw new UsageException($"run {whole} failed and has nothing to export; 'eigenscope runs show {whole}' says why");
        RunRecord record = ReadVerified(opened, whole);
        Copy(opened.FolderOf(whole), full, record);
        RunShowResult result = new(record, full);
        return Report("runs export", result, settings, new Dictionary<string, object?>(StringComparer.Ordinal) { ["store"] = opened.Folder, ["id"] = whole, ["out"] = full }, RunTables.Show(result));
    }

    /// <summary>Takes runs out of the store, for good.</summary>
    /// <param name="store">The store's folder; null takes the one under the home folder.</param>
    /// <param name="ids">Their identities, or the first digits of them; empty takes those of the filter.</param>
    /// <param name="filter">Which runs, where no identities are given; one that lets all through is refused.</param>
    /// <param name="settings">Home folder.</param>
    /// <returns>The report.</returns>
    /// <exception cref="UsageException">There is no such run, or nothing was chosen.</exception>
    /// <exception cref="RunFailedException">The store cannot be written.</exception>
    public static Report Delete(string? store, IReadOnlyList<string> ids, RunFilter filter, RunSettings settings)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(filter);
        filter.Validate();
        if (ids.Count == 0 && filter is { Command: null, Name: null, Status: null, Conditions.Count: 0 })
            throw new UsageException("runs delete: expected identities, or conditions such as --name or --where; all runs are deleted by deleting the store's folder");
        RunStore opened = Open(store, settings);
        List<IndexedRun> deleted = [];
        using RunIndex index = RunIndex.Open(opened);
        HashSet<string> chosen = [.. ids.Select(id => Resolve(index, id))];
        foreach (IndexedRun run in chosen.Count == 0 ? index.List(filter) : index.List(new RunFilter()).Where(run => chosen.Contains(run.Id)))
        {
            if (opened.Writing(() => opened.Delete(run.Id)))
                deleted.Add(run);
        }
        index.Update();
        RunListResult result = new(opened.Folder, deleted.Count, [.. deleted.Select(RunListEntry.Of)]);
        return Report("runs delete", result, settings, new Dictionary<string, object?>(StringComparer.Ordinal) { ["store"] = opened.Folder, ["ids"] = ids }, [RunTables.List(result, int.MaxValue)]);
    }

    /// <summary>The file of a run that another command reads: its model or its report.</summary>
    /// <param name="store">The store's folder; null takes the one under the home folder.</param>
    /// <param name="id">The run's identity, or the first digits of it.</param>
    /// <param name="settings">Home folder.</param>
    /// <returns>The path of its model; null when there is no store or no such run, or it kept no model.</returns>
    /// <exception cref="RunFailedException">Its folder is damaged.</exception>
    public static string? FindModel(string? store, string id, RunSettings settings)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        if (!id.All(char.IsAsciiHexDigitLower) || RunStore.Open(Sweep.StoreFolder(store, settings), StoreFiles.Disk) is not { } opened)
            return null;
        using RunIndex index = RunIndex.Open(opened);
        if (index.Match(id) is not [string whole] || !opened.Has(whole))
            return null;
        ReadVerified(opened, whole);
        string path = Path.Combine(opened.FolderOf(whole), RunStore.CheckpointName);
        return File.Exists(path) ? path : null;
    }

    private static RunStore Open(string? store, RunSettings settings)
    {
        string folder = Sweep.StoreFolder(store, settings);
        return RunStore.Open(folder, StoreFiles.Disk) ?? throw new UsageException($"--store: there is no store of runs in '{folder}'; 'eigenscope sweep' makes one");
    }

    private static string Resolve(RunStore store, string id)
    {
        using RunIndex index = RunIndex.Open(store);
        return Resolve(index, id);
    }

    private static string Resolve(RunIndex index, string id)
    {
        if (string.IsNullOrEmpty(id) || id.Length < LeastDigits)
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"expected at least the first {LeastDigits} digits of a run's identity, got '{id}'"));
        return index.Match(id) switch
        {
            [string only] => only,
            [] => throw new UsageException($"there is no run '{id}' in the store; 'eigenscope runs list' shows them"),
            _ => throw new UsageException($"more than one run begins with '{id}': give more digits"),
        };
    }

    private static RunRecord ReadVerified(RunStore store, string id)
    {
        if (!store.Has(id))
            return store.ReadFailure(id) ?? throw new RunFailedException($"{store.FailureOf(id)} cannot be read");
        try
        {
            RunRecord record = store.Read(id);
            RunFolder.Verify(store.FolderOf(id), record);
            return record;
        }
        catch (DamagedRunException damage)
        {
            throw new RunFailedException($"the folder of run {id} is damaged: {damage.Message}; 'eigenscope runs delete {id}' takes it out, and its sweep carries it out again ({store.FolderOf(id)})", damage);
        }
    }

    // Copied aside first, and the record last: an export that was interrupted is not taken for a whole one.
    private static void Copy(string from, string to, RunRecord record)
    {
        string aside = $"{to}.{Path.GetRandomFileName()}";
        Directory.CreateDirectory(aside);
        foreach (string name in (string[])[.. record.Files.Select(static file => file.Name), RunStore.RecordName])
            File.Copy(Path.Combine(from, name), Path.Combine(aside, name));
        Directory.Move(aside, to);
    }

    private static string[] Differing(IReadOnlyList<IndexedRun> runs) =>
        [.. runs.SelectMany(static run => run.Options.Keys).Append(RunTables.Seed).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Where(option => runs.Select(run => Value(run, option)).Distinct(StringComparer.Ordinal).Skip(1).Any())];

    private static Dictionary<string, string> Own(IndexedRun run, string[] differing)
    {
        Dictionary<string, string> own = new(StringComparer.Ordinal);
        foreach (string option in differing)
        {
            if (Value(run, option) is { } value)
                own[option] = value;
        }
        return own;
    }

    private static string? Value(IndexedRun run, string option) => option is RunTables.Seed ? run.Seed.ToString(CultureInfo.InvariantCulture) : run.Options.GetValueOrDefault(option);

    private static Report Report(string command, object result, RunSettings settings, IReadOnlyDictionary<string, object?> config, IReadOnlyList<SummaryTable> tables)
    {
        Dictionary<string, object?> all = new(config, StringComparer.Ordinal) { ["seed"] = settings.Seed, ["precision"] = settings.Precision, ["threads"] = RunHost.ThreadsOf(settings) };
        return new Report
        {
            Command = command,
            Version = RunHost.Version,
            Environment = RunHost.Start(settings).Describe(settings),
            Config = all,
            Result = result,
            IsConverged = true,
            Tables = tables,
        };
    }
}
