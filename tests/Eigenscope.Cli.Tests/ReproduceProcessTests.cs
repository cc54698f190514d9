using System.Diagnostics;
using System.Text.Json;
using Eigenscope.Cli.Tests.Support;
using Eigenscope.Testing.Files;
using Eigenscope.Testing.Json;

namespace Eigenscope.Cli.Tests;

/// <summary><c>reproduce</c> in a process of its own: killed, interrupted, out of time.</summary>
public sealed class ReproduceProcessTests : IDisposable
{
    // Endless with these: gradient descent makes as many steps as it is told; the others come to rest before.
    private const string Long = "spectra-relu";
    private static readonly string[] Endless = ["--set", "iterations=1000000000"];
    private static readonly string[] Claims = ["persistence-losses", "persistence-nullity", "low-rank-edge-pattern", "spectra-full-hessian", "agop-digits-linear-kernel"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Killed_between_its_runs_it_goes_on_without_those_that_are_done_and_says_the_same()
    {
        Finish("undisturbed", Claims);
        Dictionary<string, string> before = [];
        for (int kills = 0; kills < 3; kills++)
        {
            using Process process = Start("killed", Claims, "--jobs", "1", "--quiet");
            // At least one more than the last time is done, and others are not.
            Wait(() => Done("killed").Count > before.Count, process);
            process.Kill(entireProcessTree: kills % 2 == 0);
            process.WaitForExit();
            RequireKept(before, Done("killed"));
            before = Done("killed");
        }
        Assert.InRange(before.Count, 3, 6);

        Finish("killed", Claims);

        Dictionary<string, string> after = Done("killed");
        Assert.Equal(7, after.Count);
        RequireKept(before, after);
        Assert.Equal(Judged("undisturbed"), Judged("killed"));
        Assert.All(Judged("killed"), static claim => Assert.StartsWith("reproduced ", claim, StringComparison.Ordinal));
    }

    [Fact]
    public void Interrupted_it_ends_with_130_and_tells_what_it_has()
    {
        using Process process = OwnProcess.StartInterruptible(_folder.Path, ["reproduce", "persistence-losses", Long, .. Endless, "--store", "store", "--jobs", "1", "--quiet", "--json", "result.json", "--report", "result.html"]);
        Wait(() => Done("store").Count == 2, process);
        using (Process signal = Process.Start("kill", ["-s", "INT", $"{process.Id}"]))
            signal.WaitForExit();
        bool hasEnded = process.WaitForExit(Patience);
        if (!hasEnded)
            process.Kill(entireProcessTree: true);
        Assert.True(hasEnded, "it did not end");

        Assert.Equal(130, process.ExitCode);
        JsonElement report = Read("result.json");
        Assert.Empty(PublishedSchema.Problems(report));
        Assert.True(report.GetProperty("result").GetProperty("partial").GetBoolean());
        Assert.Equal(["persistence-losses: reproduced, ", $"{Long}: not-judged, interrupted"], Reasons(report).Order(StringComparer.Ordinal));
        Assert.Contains(Long, File.ReadAllText(_folder["result.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void When_its_time_is_over_what_is_under_way_stops_and_what_is_done_is_judged()
    {
        Finish("store", ["persistence-losses", .. Endless]);
        Stopwatch watch = Stopwatch.StartNew();

        // So many at once that all of it would fit the time if it were so.
        (int code, _, string error) = OwnProcess.Run(_folder.Path, ["reproduce", "persistence-losses", Long, .. Endless, "--store", "store", "--jobs", "1000", "--budget", "3s", "--quiet", "--json", "result.json"]);

        Assert.Equal((0, ""), (code, error));
        Assert.InRange(watch.Elapsed.TotalSeconds, 3.0, 120.0);
        JsonElement report = Read("result.json");
        Assert.False(report.GetProperty("result").GetProperty("partial").GetBoolean());
        Assert.Equal(["persistence-losses: reproduced, ", $"{Long}: not-judged, budget"], Reasons(report).Order(StringComparer.Ordinal));
        Assert.Equal(2, Done("store").Count);
    }

    private static void RequireKept(Dictionary<string, string> before, Dictionary<string, string> after) => Assert.All(before, run => Assert.Equal(run.Value, after[run.Key]));

    private static IEnumerable<string> Reasons(JsonElement report) =>
        report.GetProperty("result").GetProperty("claims").EnumerateArray().Select(static claim => $"{claim.GetProperty("id")}: {claim.GetProperty("verdict")}, {(claim.TryGetProperty("reason", out JsonElement reason) ? reason : "")}");

    private static void Wait(Func<bool> holds, Process process)
    {
        Stopwatch watch = Stopwatch.StartNew();
        while (!holds())
        {
            Assert.False(process.HasExited, "it ended before it was to be disturbed");
            Assert.True(watch.Elapsed < Patience, "nothing was done in time");
            Thread.Sleep(5);
        }
    }

    private Process Start(string store, string[] claims, params string[] options) => OwnProcess.Start(_folder.Path, ["reproduce", .. claims, "--store", store, .. options]);

    private void Finish(string store, string[] claims)
    {
        (int code, _, string error) = OwnProcess.Run(_folder.Path, ["reproduce", .. claims, "--store", store, "--quiet", "--json", $"{store}.json"]);
        Assert.Equal((0, ""), (code, error));
    }

    // The runs that are there with what is said of each: when it was over, and how long it took. Another carrying out says otherwise.
    private Dictionary<string, string> Done(string store)
    {
        string runs = _folder[$"{store}/runs"];
        return Directory.Exists(runs) ? Directory.GetDirectories(runs).ToDictionary(static run => Path.GetFileName(run), static run => File.ReadAllText(Path.Combine(run, "run.json")), StringComparer.Ordinal) : [];
    }

    private string[] Judged(string store) =>
        [.. Read($"{store}.json").GetProperty("result").GetProperty("claims").EnumerateArray().Select(static claim => $"{claim.GetProperty("verdict")} {claim.GetProperty("id")} {claim.GetProperty("checks")}")];

    private JsonElement Read(string file)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(_folder[file]));
        return document.RootElement.Clone();
    }
}
