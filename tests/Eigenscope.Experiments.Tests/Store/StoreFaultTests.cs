using Eigenscope.Experiments.Store;
using Eigenscope.Experiments.Sweeps;
using Eigenscope.Formats;
using Eigenscope.Testing.Files;

namespace Eigenscope.Experiments.Tests.Store;

/// <summary>A fault at every step of the store's writing in turn: whatever was there is whole, and resuming ends where a sweep without faults does.</summary>
public sealed class StoreFaultTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void After_a_fault_at_any_step_resuming_ends_as_if_there_had_been_none(bool dies)
    {
        using TemporaryFolder folder = new();
        string undisturbed = Path.Combine(folder.Path, "undisturbed");
        StoreRuns.CarryOut(RunStore.Create(undisturbed, StoreFiles.Disk), StoreRuns.Plan());
        string[] expected = Content(undisturbed);
        Assert.Equal(3 * 3, expected.Length);

        int steps = 0;
        for (; ; steps++)
        {
            string disturbed = Path.Combine(folder.Path, $"fault{steps}");
            FaultyFiles files = new(steps, dies);
            Carry(disturbed, files);
            if (files.Failed is null)
                break;
            AssertWhole(disturbed, expected, files);

            RunStore store = RunStore.Create(disturbed, StoreFiles.Disk);
            StoreRuns.CarryOut(store, StoreRuns.Plan());
            store.SweepUp(new Later());
            Assert.Equal(expected, Content(disturbed));
            Assert.Empty(Directory.EnumerateFileSystemEntries(store.Staging));
            Assert.Empty(store.FailedIds());
            Assert.Empty(Directory.GetFiles(store.Checkpoints));
            Assert.DoesNotContain(Directory.GetFiles(disturbed), static path => Path.GetFileName(path).StartsWith('.'));
            Directory.Delete(disturbed, recursive: true);
        }

        // Four for the store itself; for each run at least a checkpoint (2), a folder, four files and its name.
        Assert.True(steps > 4 + (3 * 12), $"only {steps} steps were seen");
    }

    [Fact]
    public void A_plan_is_there_whole_or_not_at_all()
    {
        using TemporaryFolder folder = new();
        string recipe = Path.Combine(folder.Path, "recipe.yaml");
        File.WriteAllText(recipe, "command: ufm");
        for (int step = 0; ; step++)
        {
            string path = Path.Combine(folder.Path, $"fault{step}");
            RunStore.Create(path, StoreFiles.Disk);
            FaultyFiles files = new(step, dies: true);
            RunStore faulty = RunStore.Open(path, files)!;
            SweepFolder sweep = new(faulty, "cheap");
            if (Record.Exception(() => sweep.Save(StoreRuns.Plan(), File.ReadAllBytes(recipe))) is null && files.Failed is null)
                break;
            SweepPlan? found = new SweepFolder(RunStore.Open(path, StoreFiles.Disk)!, "cheap").Current();
            if (found is not null)
                Assert.Equal(3, found.Runs.Count);
            new SweepFolder(RunStore.Open(path, StoreFiles.Disk)!, "cheap").Save(StoreRuns.Plan(), File.ReadAllBytes(recipe));
            Assert.Equal(3, new SweepFolder(RunStore.Open(path, StoreFiles.Disk)!, "cheap").Current()!.Runs.Count);
        }
    }

    [Fact]
    public void Deleting_a_run_leaves_it_whole_or_gone()
    {
        using TemporaryFolder folder = new();
        for (int step = 0; ; step++)
        {
            string path = Path.Combine(folder.Path, $"fault{step}");
            RunStore store = RunStore.Create(path, StoreFiles.Disk);
            StoreRuns.CarryOut(store, StoreRuns.Plan());
            string id = StoreRuns.Run(1).Id;
            FaultyFiles files = new(step, dies: true);
            Record.Exception(() => RunStore.Open(path, files)!.Delete(id));
            if (store.Has(id))
                Assert.Equal(id, store.Read(id).Id);
            Assert.True(store.Has(StoreRuns.Run(0).Id) && store.Has(StoreRuns.Run(2).Id));
            if (files.Failed is null)
                break;
        }
    }

    private static void Carry(string folder, FaultyFiles files)
    {
        try
        {
            StoreRuns.CarryOut(RunStore.Create(folder, files), StoreRuns.Plan());
        }
        catch (Exception fault) when (fault is IOException or UsageException)
        {
            Assert.Contains("No space left on device", fault.Message, StringComparison.Ordinal);
        }
    }

    // What has a name in the store after the fault is already what it will be.
    private static void AssertWhole(string folder, string[] expected, FaultyFiles files)
    {
        foreach (string run in RunStore.Open(folder, StoreFiles.Disk) is null ? [] : Content(folder))
            Assert.True(expected.Contains(run, StringComparer.Ordinal), $"after a fault at {files.Failed}: {run}");
    }

    // Name and content of every file of every run but the record, whose times differ; the record must agree with them.
    private static string[] Content(string folder)
    {
        RunStore store = RunStore.Open(folder, StoreFiles.Disk)!;
        List<string> content = [];
        foreach (string id in store.FinishedIds().Order(StringComparer.Ordinal))
        {
            RunRecord record = store.Read(id);
            string[] files = [.. Directory.GetFiles(store.FolderOf(id)).Select(static path => Path.GetFileName(path)).Where(static name => name is not "run.json").Order(StringComparer.Ordinal)];
            Assert.Equal(record.Files.Select(static file => file.Name).Order(StringComparer.Ordinal), files);
            content.AddRange(files.Select(name => $"{id} {name} {FileDigest.Sha256(Path.Combine(store.FolderOf(id), name))}"));
        }
        return [.. content];
    }

    // Hours later, what nobody holds is nobody's.
    private sealed class Later : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddHours(2);
    }
}
