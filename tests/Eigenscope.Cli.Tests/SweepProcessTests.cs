using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Eigenscope.Cli.Tests.Support;
using Eigenscope.Testing.Files;

namespace Eigenscope.Cli.Tests;

/// <summary>Sweeps in processes of their own: killed, stopped, out of room.</summary>
public sealed partial class SweepProcessTests : IDisposable
{
    private const int Kills = 50;
    private const int LongestMilliseconds = 1200;
    private readonly TemporaryFolder _folder = new();

    public SweepProcessTests() => _folder.Write("recipe.yaml", """
        command: study
        options: { data: gaussian, width: [6, 9], depth: 2, epochs: 300, operators: none, measure-every: 100, weight-decay: [1e-3, 1e-2], restarts: 0 }
        seeds: 2
        name: killed
        checkpoint-seconds: 0.05
        """);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Killed_at_any_instant_a_sweep_goes_on_and_ends_with_the_same_results()
    {
        Assert.Equal(0, Sweep("undisturbed").Code);
        string[] expected = Results("undisturbed");
        Assert.Equal(8 * 3, expected.Length);

        Random instants = new(6);
        for (int kills = 0, store = 0; kills < Kills;)
        {
            string name = $"killed{store}";
            using Process sweep = OwnProcess.Start(_folder.Path, "sweep", "recipe.yaml", "--store", name, "--jobs", "2", "--quiet");
            if (sweep.WaitForExit(instants.Next(LongestMilliseconds)))
            {
                Assert.Equal(expected, Results(name));
                store++;
                continue;
            }
            // With its workers, as a machine that fails takes them; or alone, as a user kills it: then they notice, and end by themselves.
            sweep.Kill(entireProcessTree: kills % 2 == 0);
            sweep.WaitForExit();
            kills++;
            if (kills == Kills)
            {
                Assert.Equal(0, Sweep(name).Code);
                Assert.Equal(expected, Results(name));
            }
        }
    }

    [Fact]
    public void A_sweep_that_is_whole_runs_nothing()
    {
        _folder.Write("small.yaml", "command: ufm\noptions: { classes: 3, per-class: 4, width: 8, depth: [1, 2], weight-decay: 1e-3 }\nname: small\n");
        (int code, string output, string error) = OwnProcess.Run(_folder.Path, "sweep", "small.yaml", "--store", "small");
        Assert.True(code == 0, error);
        Assert.Contains("2 of 2 runs are done; this command carried out 2", output, StringComparison.Ordinal);

        (_, output, _) = OwnProcess.Run(_folder.Path, "sweep", "small.yaml", "--store", "small");
        Assert.Contains("2 of 2 runs are done; this command carried out 0", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_that_takes_no_file_is_named_before_anything_runs()
    {
        _folder.Write("taken", "a file where a folder should be");
        (int code, _, string error) = Sweep("taken");

        Assert.Equal(2, code);
        Assert.Contains("--store", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    private (int Code, string Output, string Error) Sweep(string store) => OwnProcess.Run(_folder.Path, "sweep", "recipe.yaml", "--store", store, "--quiet");

    // Everything that was found, less how long it took.
    private string[] Results(string store) =>
    [
        .. Directory.GetDirectories(Path.Combine(_folder[store], "runs")).Order(StringComparer.Ordinal).SelectMany(run => Directory.GetFiles(run).Order(StringComparer.Ordinal)
            .Where(static path => Path.GetFileName(path) is not "run.json")
            .Select(path => $"{Path.GetFileName(run)}/{Path.GetFileName(path)} {Convert.ToHexString(SHA256.HashData(Content(path)))}")),
    ];

    private static byte[] Content(string path) =>
        Path.GetExtension(path) is ".json" ? System.Text.Encoding.UTF8.GetBytes(Seconds().Replace(File.ReadAllText(path), "\"seconds\": 0")) : File.ReadAllBytes(path);

    [GeneratedRegex("\"seconds\": [0-9.eE+-]+")]
    private static partial Regex Seconds();
}
