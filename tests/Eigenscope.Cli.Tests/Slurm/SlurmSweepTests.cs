using System.Text.Json;
using Eigenscope.Cli.Tests.Support;
using Eigenscope.Experiments.Engines;
using Eigenscope.Testing.Files;
using Eigenscope.Testing.Json;
using Eigenscope.Testing.Slurm;

namespace Eigenscope.Cli.Tests.Slurm;

/// <summary>Whole sweeps by a real cluster whose parts fail meanwhile.</summary>
[Collection(SlurmCollection.Name)]
public sealed class SlurmSweepTests(SharedCluster shared) : IDisposable
{
    private const string Grid = "command: ufm\noptions: { classes: 2, width: [2, 3], depth: [1, 2], weight-decay: [1e-3, 1e-2], measure-every: 0 }\nseeds: 3\nname: grid\n";
    private const string Pair = "command: ufm\noptions: { classes: 2, width: 2, depth: 1, measure-every: 0 }\nseeds: 2\nname: pair\n";
    private readonly TemporaryFolder _folder = new();

    private SlurmCluster Cluster => shared.Cluster;

    public void Dispose()
    {
        shared.Settle();
        _folder.Dispose();
    }

    [SlurmFact]
    public void Every_run_is_done_once_whatever_fails_meanwhile_and_as_the_local_engine_does_it()
    {
        _folder.Write("grid.yaml", Grid);
        // All tasks but the last wait at a gate, so that they are in the middle when things fail.
        string gate = _folder.Write("gate", "");
        _folder.Write("gated.sh", $"while [ \"$SLURM_ARRAY_TASK_ID\" != 3 ] && [ -e '{gate}' ]; do sleep 0.1; done\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "eigenscope.dll")}' \"$@\"\n");
        WorkerProgram gated = new("/bin/sh", [_folder["gated.sh"]]);
        JsonElement submitted = Submitted(Sweep(gated, "grid", "--engine", "slurm", "--pack", "6", "--partition", "work", "--time", "10"));
        Assert.Equal((24, 4), (Count(submitted, "runs"), Count(submitted, "tasks")));
        long job = submitted.GetProperty("job").GetInt64();
        Cluster.Wait(() => Tasks(job, "RUNNING").Length == 3 && Tasks(job, "COMPLETED").Length == 1, "the last task is done and the others run");
        Assert.Equal(6, Directory.GetDirectories(_folder["store/runs"]).Length);

        Cluster.KillTask(job, Tasks(job, "RUNNING").First(static task => task.Node == "n2").Index);
        Cluster.FailNode("n1");
        Cluster.Wait(() => Tasks(job, "PENDING").Length == 2 && Tasks(job, "FAILED").Length == 1, "two tasks were requeued and one was killed");
        Cluster.RestartController();
        JsonElement again = Submitted(Sweep(gated, "grid", "--engine", "slurm"));
        Cluster.ResumeNode("n1");

        // The requeued tasks are left to the queue; the runs of the killed one, and no other, go again.
        Assert.Equal((6, 6, 12), (Count(again, "runs"), Count(again, "tasks"), Count(again, "underWay")));
        File.Delete(gate);
        JsonElement end = Sweep("grid", "--engine", "slurm", "--wait");
        Assert.Equal((24, 0, 0), (Count(end, "done"), Count(end, "failed"), Count(end, "missing")));
        Assert.Equal(24, Directory.GetDirectories(_folder["store/runs"]).Length);
        RequireCollected("grid", 24);
        RequireSameAsLocal();
    }

    [SlurmFact]
    public void What_is_held_is_stuck_and_can_be_cancelled_and_submitted_again()
    {
        _folder.Write("pair.yaml", Pair);
        Sweep("pair", "--engine", "slurm", "--sbatch=--hold", "--sbatch=--comment=\"a b\"");
        Assert.Equal(["stuck", "stuck"], States(Sweep("pair", "--engine", "slurm", "--status")));
        JsonElement left = Sweep("pair", "--engine", "slurm");
        Assert.Equal((0, 2), (Count(Submitted(left), "runs"), Count(Submitted(left), "stuck")));

        JsonElement cancelled = Sweep("pair", "--engine", "slurm", "--cancel");
        Assert.Equal(2, cancelled.GetProperty("slurm").GetProperty("cancelled").GetInt32());
        Cluster.Wait(() => States(Sweep("pair", "--engine", "slurm", "--status")) is ["failed", "failed"], "both are cancelled");
        Assert.Equal("CANCELLED", Sweep("pair", "--engine", "slurm", "--status").GetProperty("runs")[0].GetProperty("slurm").GetProperty("word").GetString());

        Sweep("pair", "--engine", "slurm", "--sbatch=--hold");
        JsonElement end = Sweep("pair", "--engine", "slurm", "--resubmit", "--pack", "2", "--throttle", "1", "--wait");
        Assert.Equal((2, 1), (Count(Submitted(end), "runs"), Count(Submitted(end), "tasks")));
        Assert.Equal(2, Count(end, "done"));
        RequireCollected("pair", 2);
    }

    [SlurmFact]
    public void A_controller_that_is_down_is_one_line_and_a_refused_job_a_wrong_use()
    {
        _folder.Write("pair.yaml", Pair);
        CommandLineOutcome refused = Run(program: null, "pair", "--engine", "slurm", "--partition", "nowhere");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("nowhere", refused.Error, StringComparison.Ordinal);
        Cluster.StopController();
        try
        {
            CommandLineOutcome silent = Run(program: null, "pair", "--engine", "slurm");
            Assert.Equal(1, silent.ExitCode);
            Assert.Contains("Slurm's controller does not answer", silent.Error, StringComparison.Ordinal);
            Assert.Single(silent.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
        finally
        {
            Cluster.StartController();
        }
    }

    [Fact]
    public void Options_of_a_cluster_need_a_cluster_and_each_other()
    {
        _folder.Write("pair.yaml", Pair);

        Assert.Contains("need --engine slurm", Wrong("--pack", "2"), StringComparison.Ordinal);
        Assert.Contains("need --engine slurm", Wrong("--cancel"), StringComparison.Ordinal);
        Assert.Contains("--cancel must be given without", Wrong("--engine", "slurm", "--cancel", "--wait"), StringComparison.Ordinal);
        string all = Wrong("--engine", "slurm", "--pack", "0", "--throttle", "0", "--time", "a b", "--sbatch=hold", "--jobs", "2");
        foreach (string option in new[] { "--pack", "--throttle", "--time", "--sbatch", "--jobs" })
            Assert.Contains(option, all, StringComparison.Ordinal);
    }

    private static JsonElement Submitted(JsonElement sweep) => sweep.GetProperty("slurm").GetProperty("submitted");

    private static int Count(JsonElement sweep, string what) => sweep.GetProperty(what).GetInt32();

    private static string[] States(JsonElement sweep) => [.. sweep.GetProperty("runs").EnumerateArray().Select(static run => run.GetProperty("slurm").GetProperty("state").GetString()!)];

    // The numbers of every run and its arrays, as they were written.
    private static string Numbers(string run)
    {
        using JsonDocument record = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(run, "run.json")));
        string arrays = record.RootElement.GetProperty("files").EnumerateArray().Single(static file => file.GetProperty("name").GetString() == "arrays.npz").GetProperty("sha256").GetString()!;
        return record.RootElement.GetProperty("facts").GetRawText() + arrays;
    }

    private (int Index, string Node)[] Tasks(long job, string state) =>
        [.. Cluster.Ask("squeue", "-h", "-r", "-t", state, "-o", "%K|%N", "-j", $"{job}").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split('|')).Select(static parts => (int.Parse(parts[0]), parts[1]))];

    private void RequireCollected(string sweep, int runs)
    {
        string json = _folder[$"store/sweeps/{sweep}/result.json"], csv = _folder[$"store/sweeps/{sweep}/result.csv"];
        Cluster.Wait(() => File.Exists(json) && File.Exists(csv) && JsonDocument.Parse(File.ReadAllBytes(json)).RootElement.GetProperty("result").GetProperty("done").GetInt32() == runs, "the results are collected");
        Assert.True(File.ReadAllLines(csv).Length > runs);
        Cluster.Wait(() => File.Exists(_folder[$"store/sweeps/{sweep}/result.html"]), "the page is written");
    }

    private void RequireSameAsLocal()
    {
        CommandLineOutcome local = Command().Run("sweep", _folder["grid.yaml"], "--store", _folder["local"], "--jobs", "2", "--json", "-");
        Assert.Equal((0, ""), (local.ExitCode, local.Error));
        foreach (string run in Directory.GetDirectories(_folder["local/runs"]))
            Assert.Equal(Numbers(run), Numbers(Path.Combine(_folder["store/runs"], Path.GetFileName(run))));
        Assert.Equal(24, Directory.GetDirectories(_folder["local/runs"]).Length);
    }

    private string Wrong(params string[] options)
    {
        CommandLineOutcome outcome = Command().Run(["sweep", _folder["pair.yaml"], "--store", _folder["store"], .. options]);
        Assert.Equal(2, outcome.ExitCode);
        return outcome.Error;
    }

    private JsonElement Sweep(string recipe, params string[] options) => Sweep(program: null, recipe, options);

    private JsonElement Sweep(WorkerProgram? program, string recipe, params string[] options)
    {
        CommandLineOutcome outcome = Run(program, recipe, options);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Empty(PublishedSchema.Problems(outcome.Json));
        return outcome.Json.GetProperty("result");
    }

    private CommandLineOutcome Run(WorkerProgram? program, string recipe, params string[] options)
    {
        CommandLine command = Command(program);
        command.Variables["SLURM_CONF"] = Cluster.Environment["SLURM_CONF"]!;
        return command.Run(["sweep", _folder[$"{recipe}.yaml"], "--store", _folder["store"], "--json", "-", .. options]);
    }

    private CommandLine Command(WorkerProgram? program = null)
    {
        CommandLine command = new() { Folder = _folder.Path, Program = program };
        command.Variables["EIGENSCOPE_HOME"] = _folder["home"];
        return command;
    }
}
