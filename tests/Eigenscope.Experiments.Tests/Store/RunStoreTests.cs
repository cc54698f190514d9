using Eigenscope.Experiments.Store;
using Eigenscope.Experiments.Sweeps;
using Eigenscope.Testing.Files;

namespace Eigenscope.Experiments.Tests.Store;

public sealed class RunStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_finished_run_says_what_it_found_and_what_its_files_hold()
    {
        RunStore store = Filled();
        RunRecord record = store.Read(StoreRuns.Run(1).Id);

        Assert.Equal(("ufm", "cheap", 1ul, "done"), (record.Command, record.Name, record.Seed, record.Status));
        Assert.Equal(StoreRuns.Loss(5.0), record.Facts!.Loss);
        Assert.Equal(["arrays.npz", "checkpoint.npz", "report.json"], record.Files.Select(static file => file.Name).Order(StringComparer.Ordinal));
        Assert.False(File.Exists(store.CheckpointOf(record.Id)));
        Assert.Empty(Directory.EnumerateFileSystemEntries(store.Staging));
    }

    [Fact]
    public void A_run_that_is_there_is_not_run_again()
    {
        RunStore store = Filled();
        SweepWorker worker = new(store, static _ => throw new InvalidOperationException("it was run again"), TimeProvider.System);

        Assert.True(worker.Run(StoreRuns.Plan(), [0, 1, 2], null, CancellationToken.None));
    }

    [Fact]
    public void Of_two_that_carry_out_the_same_run_the_first_to_end_stays()
    {
        RunStore store = RunStore.Create(_folder.Path, StoreFiles.Disk);
        SweepWorker slow = new(
            store,
            arguments => StoreRuns.Prepare(arguments) with
            {
                Run = (_, _, _) =>
                {
                    StoreRuns.CarryOut(store, StoreRuns.Plan());
                    return StoreRuns.Report(99.0);
                },
            },
            TimeProvider.System);

        Assert.True(slow.Run(StoreRuns.Plan(), [0], null, CancellationToken.None));
        Assert.Equal(StoreRuns.Loss(4.0), store.Read(StoreRuns.Run(0).Id).Facts!.Loss);
        Assert.Empty(Directory.EnumerateFileSystemEntries(store.Staging));
    }

    [Fact]
    public void A_run_that_ends_with_a_message_is_kept_as_failed_until_it_is_forgotten()
    {
        RunStore store = RunStore.Create(_folder.Path, StoreFiles.Disk);
        SweepWorker failing = new(store, static arguments => StoreRuns.Prepare(arguments) with { Run = static (_, _, _) => throw new RunFailedException("it diverged\nat once.") }, TimeProvider.System);

        Assert.True(failing.Run(StoreRuns.Plan(), [2], null, CancellationToken.None));
        using (RunIndex index = RunIndex.Open(store))
            Assert.Equal(("failed", "it diverged at once"), (index.List(new RunFilter())[0].Status, index.List(new RunFilter())[0].Error));
        StoreRuns.CarryOut(store, StoreRuns.Plan());
        Assert.Single(store.FailedIds());
        store.ForgetFailure(StoreRuns.Run(2).Id);
        StoreRuns.CarryOut(store, StoreRuns.Plan());
        using (RunIndex index = RunIndex.Open(store))
            Assert.Equal(["done", "done", "done"], index.List(new RunFilter()).Select(static run => run.Status));
    }

    [Fact]
    public void An_interrupted_run_leaves_no_result()
    {
        RunStore store = RunStore.Create(_folder.Path, StoreFiles.Disk);
        SweepWorker stopped = new(store, static arguments => StoreRuns.Prepare(arguments) with { Run = static (_, _, _) => StoreRuns.Report(4.0) with { IsPartial = true } }, TimeProvider.System);

        Assert.False(stopped.Run(StoreRuns.Plan(), [0, 1], null, CancellationToken.None));
        Assert.Empty(store.FinishedIds());
        Assert.Empty(store.FailedIds());
    }

    [Theory]
    [InlineData("lost")]
    [InlineData("damaged")]
    [InlineData("another's")]
    public void The_index_is_built_again_from_the_folders(string fate)
    {
        RunStore store = Filled();
        using (RunIndex index = RunIndex.Open(store))
            Assert.Equal(3, index.List(new RunFilter()).Count);
        if (fate is "lost")
            File.Delete(store.IndexPath);
        else
            File.WriteAllText(store.IndexPath, fate is "damaged" ? new string('x', 5000) : "");

        using RunIndex again = RunIndex.Open(store);
        Assert.Equal(["0000000000000000", "0000000000000001", "0000000000000002"], again.List(new RunFilter()).Select(static run => run.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_index_follows_folders_that_come_and_go()
    {
        RunStore store = Filled();
        using RunIndex index = RunIndex.Open(store);
        Directory.Delete(store.FolderOf(StoreRuns.Run(0).Id), recursive: true);
        StoreRuns.CarryOut(store, StoreRuns.Plan(5, "longer"));
        Directory.Delete(store.FolderOf(StoreRuns.Run(1).Id), recursive: true);
        index.Update();

        Assert.Equal([0, 2, 3, 4], index.List(new RunFilter()).Select(static run => (int)run.Seed).Order());
    }

    [Theory]
    [InlineData("width>=5", "width<6", new[] { 1 })]
    [InlineData("loss<0.21", "seed!=2", new[] { 1 })]
    [InlineData("loss=mse", "accuracy>0.945", new[] { 0, 1 })]
    [InlineData("loss=cross-entropy", "width=5", new int[0])]
    [InlineData("--width = 6", "depth!=3", new int[0])]
    [InlineData("loss<1", "loss<0.21", new[] { 1, 2 })]
    [InlineData("kind<1", "width>=0", new int[0])]
    public void A_filter_asks_for_options_and_results(string first, string second, int[] expected)
    {
        RunStore store = Filled();
        using RunIndex index = RunIndex.Open(store);

        Assert.Equal(expected, index.List(new RunFilter { Conditions = [first, second] }).Select(static run => (int)run.Seed).Order());
    }

    [Theory]
    [InlineData("report.json", "cut", "report.json is")]
    [InlineData("arrays.npz", "deleted", "arrays.npz is not there")]
    [InlineData("run.json", "cut", "run.json cannot be read")]
    [InlineData("run.json", "deleted", "run.json cannot be read")]
    public void A_damaged_folder_is_a_failed_run_that_says_so_and_loses_nothing(string file, string damage, string expected)
    {
        RunStore store = Filled();
        string path = Path.Combine(store.FolderOf(StoreRuns.Run(1).Id), file);
        if (damage is "cut")
            File.WriteAllBytes(path, File.ReadAllBytes(path)[..20]);
        else
            File.Delete(path);

        using RunIndex index = RunIndex.Open(store);
        IndexedRun run = Assert.Single(index.List(new RunFilter { Status = "failed" }));
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.Equal(2, index.List(new RunFilter { Status = "done" }).Count);
        string aside = store.SetAside(run.Id);
        Assert.True(Directory.Exists(aside));
        StoreRuns.CarryOut(store, StoreRuns.Plan());
        index.Update();
        Assert.Equal(3, index.List(new RunFilter { Status = "done" }).Count);
    }

    [Fact]
    public void A_file_that_was_changed_in_place_is_found_when_it_is_read()
    {
        RunStore store = Filled();
        string id = StoreRuns.Run(2).Id;
        string path = Path.Combine(store.FolderOf(id), "report.json");
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^3] ^= 1;
        File.WriteAllBytes(path, bytes);

        RunFailedException failure = Assert.Throws<RunFailedException>(() => StoredRuns.Show(store.Folder, id, new Experiments.Runs.RunSettings()));
        Assert.Contains("report.json has another checksum", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"format\": 2 }", "a newer version")]
    [InlineData("{ \"form", "is damaged")]
    [InlineData("[]", "is damaged")]
    public void A_store_that_cannot_be_understood_is_left_alone(string version, string expected)
    {
        RunStore store = Filled();
        string path = Path.Combine(store.Folder, "store.json");
        File.WriteAllText(path, version);

        Assert.Contains(expected, Assert.Throws<UsageException>(() => RunStore.Open(store.Folder, StoreFiles.Disk)).Message, StringComparison.Ordinal);
        Assert.Contains(expected, Assert.Throws<UsageException>(() => RunStore.Create(store.Folder, StoreFiles.Disk)).Message, StringComparison.Ordinal);
        Assert.Equal(3, Directory.GetDirectories(Path.Combine(store.Folder, "runs")).Length);
    }

    [Fact]
    public void A_folder_with_something_else_is_no_store()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "thesis.tex"), "");

        Assert.Contains("something else in it", Assert.Throws<UsageException>(() => RunStore.Create(_folder.Path, StoreFiles.Disk)).Message, StringComparison.Ordinal);
        Assert.Null(RunStore.Open(_folder.Path, StoreFiles.Disk));
    }

    [Fact]
    public void What_a_process_is_still_writing_is_not_swept_up()
    {
        RunStore store = Filled();
        string held = Directory.CreateDirectory(Path.Combine(store.Staging, "held")).FullName;
        string left = Directory.CreateDirectory(Path.Combine(store.Staging, "left")).FullName;
        File.WriteAllText(Path.Combine(left, ".lock"), "");
        using (new FileStream(Path.Combine(held, ".lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None))
            store.SweepUp(new Later());

        Assert.True(Directory.Exists(held));
        Assert.False(Directory.Exists(left));
        Directory.CreateDirectory(left);
        store.SweepUp(TimeProvider.System);
        Assert.True(Directory.Exists(left));
    }

    private RunStore Filled()
    {
        RunStore store = RunStore.Create(Path.Combine(_folder.Path, "store"), StoreFiles.Disk);
        StoreRuns.CarryOut(store, StoreRuns.Plan());
        return store;
    }

    private sealed class Later : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddHours(2);
    }
}
