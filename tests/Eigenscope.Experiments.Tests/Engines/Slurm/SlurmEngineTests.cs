using Eigenscope.Experiments.Engines;
using Eigenscope.Experiments.Engines.Slurm;
using Eigenscope.Experiments.Store;
using Eigenscope.Experiments.Sweeps;
using Eigenscope.Testing;
using Eigenscope.Testing.Files;

namespace Eigenscope.Experiments.Tests.Engines.Slurm;

/// <summary>What the engine submits and what it says of runs, whatever Slurm answers; a real Slurm does the work of whole sweeps in the tests of the command line.</summary>
public sealed class SlurmEngineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PretendedSlurm _slurm = new();
    private readonly RunStore _store;
    private readonly SlurmEngine _engine;

    public SlurmEngineTests()
    {
        _store = RunStore.Create(_folder["store"], StoreFiles.Disk);
        _engine = new SlurmEngine(_store, new SlurmClient(_slurm, new Dictionary<string, string?>(StringComparer.Ordinal)), new ManualClock());
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Runs_are_packed_into_an_array_and_collected_after_it()
    {
        SlurmSubmitted submitted = Submit(Plan(5), new SlurmOptions { Pack = 2, Throttle = 3, Partition = "long" });

        Assert.Equal(new SlurmSubmitted(5, 3, 100, 101, 0, 0), submitted);
        Assert.Equal(["--parsable --array=0-2%3", "--parsable --dependency=afterany:100"], _slurm.Submitted);
        string folder = _folder["store/sweeps/s/slurm/0001"];
        Assert.Equal("0,1\n2,3\n4\n", File.ReadAllText(Path.Combine(folder, "batch.txt")));
        string task = File.ReadAllText(Path.Combine(folder, "task.sh")), collect = File.ReadAllText(Path.Combine(folder, "collect.sh"));
        Assert.Contains("#SBATCH --partition=long\n#SBATCH --cpus-per-task=2\nexport EIGENSCOPE_DATA='d'\n", task, StringComparison.Ordinal);
        Assert.EndsWith($"exec 'eigenscope' 'sweep-task' '--batch' '{folder}/batch.txt' '--task' \"$SLURM_ARRAY_TASK_ID\"\n", task, StringComparison.Ordinal);
        Assert.EndsWith($"exec 'eigenscope' 'sweep' '{folder}/s.yaml' '--status'\n", collect, StringComparison.Ordinal);
        Assert.Equal("command: ufm\n", File.ReadAllText(Path.Combine(folder, "s.yaml")));
        Assert.True(Directory.Exists(Path.Combine(folder, "logs")));
    }

    [Fact]
    public void What_is_under_way_is_not_submitted_again()
    {
        SweepPlan plan = Plan(4);
        Submit(plan, new SlurmOptions { Pack = 2 });
        _slurm.SetAll(100, "RUNNING|");
        _slurm.Set(100, 1, "LEVITATING|");

        Assert.Equal(new SlurmSubmitted(0, 0, null, null, 4, 0), Submit(plan));
        Assert.Equal([SlurmRun.Running, SlurmRun.Running, SlurmRun.Unknown, SlurmRun.Unknown], States(plan));
        _slurm.Set(100, 1, "TIMEOUT|TimeLimit");
        Assert.Equal(new SlurmSubmitted(2, 2, 102, 103, 2, 0), Submit(plan));
        Assert.Equal("2\n3\n", File.ReadAllText(_folder["store/sweeps/s/slurm/0002/batch.txt"]));
    }

    [Fact]
    public void What_is_stuck_is_said_and_freed_when_that_is_asked_for()
    {
        SweepPlan plan = Plan(3);
        Submit(plan);
        _slurm.SetAll(100, "COMPLETED|");
        _slurm.Set(100, 1, "PENDING|launch failed requeued held");

        Assert.Equal([SlurmRun.Lost, SlurmRun.Stuck, SlurmRun.Lost], States(plan));
        Assert.Equal("PENDING, launch_failed_requeued_held", _engine.Status(plan, default)[plan.Runs[1].Id].Word);
        Assert.Equal(new SlurmSubmitted(1, 1, 102, 103, 0, 1), _engine.Submit(plan, [0, 1], Work(new SlurmOptions()), default));
        Assert.Equal(new SlurmSubmitted(2, 2, 104, 105, 0, 0), _engine.Submit(plan, [1, 2], Work(new SlurmOptions()) with { FreesStuck = true }, default));
        Assert.Equal(["100_1"], _slurm.Cancelled);
    }

    [Fact]
    public void Results_are_the_truth_whatever_Slurm_says()
    {
        SweepPlan plan = Plan(3);
        Submit(plan);
        _slurm.SetAll(100, "FAILED|NonZeroExitCode");
        Directory.CreateDirectory(_store.FolderOf(plan.Runs[0].Id));
        _folder.Write(Path.GetRelativePath(_folder.Path, _store.FailureOf(plan.Runs[1].Id)), "{}");

        SlurmRun state = Assert.Single(_engine.Status(plan, default)).Value;

        Assert.Equal(new SlurmRun(SlurmRun.Failed, "100_2", "FAILED, NonZeroExitCode", _folder["store/sweeps/s/slurm/0001/logs/2.log"]), state);
    }

    [Fact]
    public void Tasks_that_Slurm_forgot_are_lost_and_submitted_again()
    {
        SweepPlan plan = Plan(2);
        Submit(plan);
        _slurm.SetAll(100, null);

        Assert.Equal([SlurmRun.Lost, SlurmRun.Lost], States(plan));
        Assert.Equal("gone from Slurm's queue", _engine.Status(plan, default)[plan.Runs[0].Id].Word);
        Assert.Equal(2, Submit(plan).Runs);
    }

    [Fact]
    public void A_later_job_with_the_same_id_is_another()
    {
        SweepPlan plan = Plan(1);
        Submit(plan);
        string record = _folder["store/sweeps/s/slurm/0001/submission.json"];
        File.WriteAllText(record, File.ReadAllText(record).Replace("eigenscope-s-", "eigenscope-another-", StringComparison.Ordinal));

        Assert.Equal([SlurmRun.Lost], States(plan));
    }

    [Fact]
    public void A_job_whose_id_was_never_told_is_found_by_its_name()
    {
        SweepPlan plan = Plan(2);
        _slurm.LosesAnswer = true;
        Assert.Throws<RunFailedException>(() => Submit(plan));
        _slurm.LosesAnswer = false;

        Assert.Equal([SlurmRun.Pending, SlurmRun.Pending], States(plan));
        Assert.Equal(new SlurmSubmitted(0, 0, null, null, 2, 0), Submit(plan));
        Assert.Contains("\"job\": 100", File.ReadAllText(_folder["store/sweeps/s/slurm/0001/submission.json"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_silent_controller_submits_nothing_twice()
    {
        SweepPlan plan = Plan(2);
        Submit(plan);
        _slurm.Instead["squeue"] = PretendedSlurm.Silence;

        Assert.Throws<RunFailedException>(() => Submit(plan));
        Assert.Throws<RunFailedException>(() => _engine.Status(plan, default));

        Assert.Equal(2, _slurm.Submitted.Count);
    }

    [Fact]
    public void A_refused_submission_leaves_nothing_behind()
    {
        _slurm.Instead["sbatch"] = new ProcessOutcome(ProcessEnding.Exited, 1, "", "sbatch: error: invalid partition specified: nope\n");

        Assert.Contains("nope", Assert.Throws<UsageException>(() => Submit(Plan(2))).Message, StringComparison.Ordinal);

        Assert.Empty(Directory.GetDirectories(_folder["store/sweeps/s/slurm"]));
    }

    [Fact]
    public void Too_large_an_array_is_refused_with_a_pack_that_fits()
    {
        _slurm.MaxArraySize = 4;

        Assert.Contains("take --pack 3 or more", Assert.Throws<UsageException>(() => Submit(Plan(9))).Message, StringComparison.Ordinal);
        Assert.Equal(3, Submit(Plan(9), new SlurmOptions { Pack = 3 }).Tasks);
    }

    [Fact]
    public void Cancelling_ends_the_array_and_what_waits_for_it()
    {
        SweepPlan plan = Plan(3);
        Submit(plan);
        _slurm.Set(100, 0, "COMPLETED|");

        Assert.Equal(2, _engine.Cancel(plan, default));

        Assert.Equal(["100", "101"], _slurm.Cancelled);
        Assert.Equal(0, _engine.Cancel(plan, default));
    }

    [Fact]
    public void Waiting_ends_with_the_last_task_or_when_it_is_cancelled()
    {
        SweepPlan plan = Plan(2);
        Submit(plan);
        using CancellationTokenSource cancellation = new(TimeSpan.FromSeconds(0.3));
        Assert.False(_engine.Wait(plan, null, cancellation.Token));

        _slurm.Set(100, 0, "COMPLETED|");
        _slurm.Set(100, 1, "PENDING|JobHeldAdmin");

        Assert.True(_engine.Wait(plan, null, default));
    }

    [Fact]
    public void A_folder_that_sbatch_cannot_be_told_is_refused() =>
        Assert.Contains("backslash", Assert.Throws<UsageException>(() => Submit(Plan(1) with { Folder = "back\\slash" })).Message, StringComparison.Ordinal);

    [Fact]
    public void Two_do_not_submit_at_once()
    {
        SweepPlan plan = Plan(1);
        using FileStream held = new SlurmLedger(_store, new SweepFolder(_store, plan.Name).Path).Hold();

        Assert.Contains("another process is submitting", Assert.Throws<RunFailedException>(() => Submit(plan)).Message, StringComparison.Ordinal);
    }

    private SlurmWork Work(SlurmOptions options) => new()
    {
        Program = ["eigenscope"],
        TaskArguments = ["sweep-task"],
        Recipe = _folder.Write("recipe.yaml", "command: ufm\n"),
        CollectArguments = ["--status"],
        Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["EIGENSCOPE_DATA"] = "d" },
        Options = options,
    };

    private SlurmSubmitted Submit(SweepPlan plan, SlurmOptions? options = null) => _engine.Submit(plan, [.. Enumerable.Range(0, plan.Runs.Count)], Work(options ?? new SlurmOptions()), default);

    private string[] States(SweepPlan plan)
    {
        IReadOnlyDictionary<string, SlurmRun> states = _engine.Status(plan, default);
        return [.. plan.Runs.Select(run => states[run.Id].State)];
    }

    private SweepPlan Plan(int runs) => new()
    {
        Name = "s",
        Command = "ufm",
        Threads = 2,
        Folder = _folder.Path,
        KeepsArrays = false,
        KeepsModels = false,
        CheckpointSeconds = 60.0,
        Axes = [],
        Runs = [.. Enumerable.Range(0, runs).Select(static index => new SweepRun { Id = $"{index:x16}", Options = new Dictionary<string, string>(StringComparer.Ordinal), Seed = (ulong)index, Arguments = ["ufm"] })],
    };
}
