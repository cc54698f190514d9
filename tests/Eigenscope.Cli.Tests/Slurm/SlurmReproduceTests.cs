using System.Text.Json;
using System.Text.RegularExpressions;
using Eigenscope.Cli.Tests.Support;
using Eigenscope.Testing.Files;
using Eigenscope.Testing.Json;
using Eigenscope.Testing.Slurm;

namespace Eigenscope.Cli.Tests.Slurm;

/// <summary>Claims whose runs a real cluster carries out.</summary>
[Collection(SlurmCollection.Name)]
public sealed partial class SlurmReproduceTests(SharedCluster shared) : IDisposable
{
    // The first two share their run; five runs in all. Another seed than the usual one, since the job that collects has to be told.
    private static readonly string[] Claims = ["spectra-collapse", "spectra-gradient", "persistence-losses", "persistence-nullity"];
    private static readonly string[] Seed = ["--seed", "3"];
    private readonly TemporaryFolder _folder = new();

    private SlurmCluster Cluster => shared.Cluster;

    public void Dispose()
    {
        shared.Settle();
        _folder.Dispose();
    }

    [SlurmFact]
    public void Claims_end_with_the_verdicts_and_numbers_of_the_local_engine_and_are_collected()
    {
        JsonElement end = Reproduce("--wait", "--pack", "2", "--partition", "work");

        JsonElement submitted = end.GetProperty("slurm").GetProperty("submitted");
        Assert.Equal((5, 3), (submitted.GetProperty("runs").GetInt32(), submitted.GetProperty("tasks").GetInt32()));
        Assert.Equal(["reproduced", "reproduced", "reproduced", "reproduced"], Each(end, "verdict"));
        RequireCollected(end);
        JsonElement local = Run("local", [.. Claims, .. Seed, "--jobs", "2"]);
        Assert.Equal(Each(local, "checks"), Each(end, "checks"));
        RequireSameReports();

        // What is there is not submitted again, and of what is missing no more than that.
        Assert.Equal(0, Reproduce().GetProperty("slurm").GetProperty("submitted").GetProperty("runs").GetInt32());
        Delete(end.GetProperty("claims")[3].GetProperty("runs")[1].GetProperty("id").GetString()!);
        JsonElement again = Reproduce("--wait");
        Assert.Equal(1, again.GetProperty("slurm").GetProperty("submitted").GetProperty("runs").GetInt32());
        Assert.Equal(Each(local, "checks"), Each(again, "checks"));
    }

    [SlurmFact]
    public void What_waits_is_told_can_be_cancelled_and_is_submitted_again()
    {
        CommandLineOutcome text = Outcome("store", [.. Claims, .. Seed, "--engine", "slurm", "--sbatch=--hold"]);
        Assert.Contains("5 runs submitted in 5 tasks as job", text.Output, StringComparison.Ordinal);

        JsonElement held = Reproduce("--status");
        Assert.Equal(["stuck"], held.GetProperty("claims").EnumerateArray().SelectMany(static claim => claim.GetProperty("runs").EnumerateArray()).Select(static run => run.GetProperty("slurm").GetProperty("state").GetString()).Distinct());
        Assert.All(Each(held, "reason"), static reason => Assert.StartsWith("the cluster says of a run: stuck, ", reason, StringComparison.Ordinal));
        Assert.Equal(5, Reproduce("--cancel").GetProperty("slurm").GetProperty("cancelled").GetInt32());
        Cluster.Wait(() => Each(Reproduce("--status"), "reason") is ["the cluster says of a run: failed, CANCELLED", ..], "they are cancelled");

        JsonElement end = Reproduce("--wait", "--pack", "5");
        Assert.Equal(5, end.GetProperty("slurm").GetProperty("submitted").GetProperty("runs").GetInt32());
        Assert.Equal(["reproduced", "reproduced", "reproduced", "reproduced"], Each(end, "verdict"));
    }

    [GeneratedRegex("\"seconds\": [0-9.eE+-]+")]
    private static partial Regex Seconds();

    private static string[] Each(JsonElement result, string what) => [.. result.GetProperty("claims").EnumerateArray().Select(claim => claim.TryGetProperty(what, out JsonElement value) ? value.ToString() : "")];

    private void RequireCollected(JsonElement end)
    {
        string[] files = [.. end.GetProperty("slurm").GetProperty("collected").EnumerateArray().Select(static path => path.GetString()!)];
        Assert.Equal(["result.json", "result.html"], files.Select(static path => Path.GetFileName(path)));
        Cluster.Wait(() => files.All(File.Exists), "the results are collected");
        using JsonDocument collected = JsonDocument.Parse(File.ReadAllBytes(files[0]));
        Assert.Empty(PublishedSchema.Problems(collected.RootElement));
        Assert.Equal(Each(end, "verdict"), Each(collected.RootElement.GetProperty("result"), "verdict"));
        Assert.Equal(Each(end, "checks"), Each(collected.RootElement.GetProperty("result"), "checks"));
        Assert.Contains("spectra-gradient", File.ReadAllText(files[1]), StringComparison.Ordinal);
    }

    // All that the runs wrote, less how long they took.
    private void RequireSameReports()
    {
        string[] runs = Directory.GetDirectories(_folder["local/runs"]);
        Assert.Equal(5, runs.Length);
        foreach (string run in runs.Select(static run => Path.GetFileName(run)))
            Assert.Equal(Timeless($"local/runs/{run}/report.json"), Timeless($"store/runs/{run}/report.json"));
    }

    private string Timeless(string path) => Seconds().Replace(File.ReadAllText(_folder[path]), "");

    private void Delete(string run)
    {
        CommandLineOutcome deleted = Command().Run("runs", "delete", run, "--store", _folder["store"], "--quiet");
        Assert.Equal((0, ""), (deleted.ExitCode, deleted.Error));
    }

    private JsonElement Reproduce(params string[] options) => Run("store", [.. Claims, .. Seed, "--engine", "slurm", .. options]);

    private JsonElement Run(string store, string[] arguments)
    {
        CommandLineOutcome outcome = Outcome(store, [.. arguments, "--json", "-"]);
        Assert.Empty(PublishedSchema.Problems(outcome.Json));
        return outcome.Json.GetProperty("result");
    }

    private CommandLineOutcome Outcome(string store, string[] arguments)
    {
        CommandLineOutcome outcome = Command().Run(["reproduce", .. arguments, "--store", _folder[store]]);
        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        return outcome;
    }

    private CommandLine Command()
    {
        CommandLine command = new() { Folder = _folder.Path };
        command.Variables["EIGENSCOPE_HOME"] = _folder["home"];
        command.Variables["SLURM_CONF"] = Cluster.Environment["SLURM_CONF"]!;
        return command;
    }
}
