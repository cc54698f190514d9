using System.Text.Json;
using Eigenscope.Cli.Tests.Support;
using Eigenscope.Experiments.Claims;
using Eigenscope.Testing.Files;
using Eigenscope.Testing.Json;

namespace Eigenscope.Cli.Tests;

/// <summary><c>reproduce</c> as a user calls it.</summary>
public sealed class ReproduceCommandTests : IDisposable
{
    private const string Cheap = "spectra-full-hessian";
    private readonly TemporaryFolder _folder = new();
    private readonly CommandLine _program = new();

    public ReproduceCommandTests() => _program.Variables["EIGENSCOPE_HOME"] = _folder["home"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_list_runs_nothing()
    {
        CommandLineOutcome listed = _program.Run("reproduce", "--list", "--json", "-");

        Assert.Equal((0, ""), (listed.ExitCode, listed.Error));
        Assert.Equal(Catalogue.All.Select(static claim => claim.Id), listed.Json.GetProperty("result").GetProperty("claims").EnumerateArray().Select(static claim => claim.GetProperty("id").GetString()));
        Assert.False(Directory.Exists(_folder["home"]));
        Assert.Empty(PublishedSchema.Problems(listed.Json));
    }

    [Fact]
    public void A_claim_is_run_judged_and_found_again()
    {
        CommandLineOutcome first = _program.Run("reproduce", Cheap, "--report", _folder["page.html"], "--json", "-");

        Assert.Equal((0, $"eigenscope: the report is in {_folder["page.html"]}\n"), (first.ExitCode, first.Error));
        Assert.Empty(PublishedSchema.Problems(first.Json));
        JsonElement claim = first.Json.GetProperty("result").GetProperty("claims")[0];
        Assert.Equal("reproduced", claim.GetProperty("verdict").GetString());
        Assert.True(claim.GetProperty("checks")[0].GetProperty("holds").GetBoolean());
        Assert.Contains(Cheap, File.ReadAllText(_folder["page.html"]), StringComparison.Ordinal);
        Assert.Contains("reproduced", _program.Run("reproduce", Cheap, "--status").Output, StringComparison.Ordinal);
        Assert.Equal(1, _program.Run("runs", "list", "--name", "reproduce", "--json", "-").Json.GetProperty("result").GetProperty("count").GetInt32());
    }

    [Fact]
    public void A_claim_that_does_not_come_out_is_no_failure_unless_that_is_asked_for()
    {
        Assert.Equal(0, _program.Run("reproduce", Cheap, "--set", "weight-decay=6e-3", "--quiet").ExitCode);

        CommandLineOutcome strict = _program.Run("reproduce", Cheap, "--set", "weight-decay=6e-3", "--strict");

        Assert.Equal(1, strict.ExitCode);
        Assert.Equal($"eigenscope: 1 claim was not reproduced: {Cheap}\n", strict.Error);
        Assert.Contains("not reproduced", strict.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_a_budget_is_not_judged()
    {
        JsonElement claim = _program.Run("reproduce", Cheap, "--budget", "0.1s", "--json", "-").Json.GetProperty("result").GetProperty("claims")[0];

        Assert.Equal(("not-judged", "budget"), (claim.GetProperty("verdict").GetString(), claim.GetProperty("reason").GetString()));
        Assert.Equal("missing", claim.GetProperty("runs")[0].GetProperty("status").GetString());
    }

    [Fact]
    public void Wrong_uses_are_one_line()
    {
        _program.Run("reproduce").AssertRefused("--all");
        _program.Run("reproduce", "--all", Cheap).AssertRefused("--all must be given without claims");
        _program.Run("reproduce", "spectra-nothing").AssertRefused("there is no claim 'spectra-nothing'", "--list");
        _program.Run("reproduce", Cheap, "--budget", "10").AssertRefused("--budget", "10m");
        _program.Run("reproduce", Cheap, "--set", "weight-decay").AssertRefused("--set", "weight-decay=0.1");
        _program.Run("reproduce", Cheap, "--set", "wieght-decay=1").AssertRefused("--wieght-decay", "--weight-decay");
        _program.Run("reproduce", Cheap, "--set", "width=-3").AssertRefused("--set", "--width");
        _program.Run("reproduce", "--all", "--set", "width=8").AssertRefused("--set", "by name");
        _program.Run("reproduce", Cheap, "--jobs", "0", "--engine", "cloud").AssertRefused("--jobs");
        _program.Run("reproduce", Cheap, "--status", "--store", _folder["nowhere"]).AssertRefused("there is no store");
        _program.Run("reproduce", Cheap, "--pack", "2").AssertRefused("--engine slurm");
    }
}
