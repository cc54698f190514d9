using Eigenscope.Experiments.Claims;
using Eigenscope.Experiments.Engines;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Reports.Pages;
using Eigenscope.Experiments.Runs;
using Eigenscope.Experiments.Store;
using Eigenscope.Experiments.Sweeps;
using Eigenscope.Testing.Files;

namespace Eigenscope.Experiments.Tests.Claims;

/// <summary>Verdicts, by reports that lie in a store.</summary>
public sealed class ClaimJudgeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("0.5", ClaimResult.Reproduced)]
    [InlineData("0.7", ClaimResult.NotReproduced)]
    [InlineData("null", ClaimResult.NotReproduced)]
    public void What_a_run_measured_decides(string loss, string verdict)
    {
        Publish(loss);

        ClaimResult claim = Judge();

        Assert.Equal(verdict, claim.Verdict);
        Assert.Equal(claim.Verdict is ClaimResult.Reproduced, claim.Reason is null);
        Assert.Equal("done", Assert.Single(claim.Runs).Status);
        Assert.Equal([loss == "null" ? null : double.Parse(loss, System.Globalization.CultureInfo.InvariantCulture)], claim.Measured);
        Assert.Equal(12.5, claim.Seconds);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public void A_single_number_is_drawn_where_the_claim_has_no_list_of_them(bool hasList, int drawn)
    {
        Publish("0.5");
        ClaimResult claim = Judge();
        CheckResult single = claim.Checks[0], list = single with { Measured = [0.5, 0.5], Places = ["1", "2"], Low = [0.4, 0.4], High = [0.6, 0.6] };

        PageFigure figure = Assert.Single(ClaimFigures.All(claim with { Checks = hasList ? [single, list] : [single] }));

        Assert.Equal($"one-loss-{drawn}", figure.Id);
    }

    [Theory]
    [InlineData("0.5", "Reproduced.", "To refute it: eigenscope reproduce one-loss --set width=1. That must end in 'not reproduced'.")]
    [InlineData("0.7", "Not reproduced: loss: 0.7, expected 0.5 ± 0.1.")]
    public void Of_few_claims_it_is_told_what_they_say(string loss, params string[] told)
    {
        Publish(loss);

        Assert.Equal(["one-loss (1111.11111): The loss is a half.", .. told], Report(strict: false).Findings.Skip(1));
    }

    [Fact]
    public void Without_its_runs_nothing_is_said()
    {
        Assert.Equal((ClaimResult.NotJudged, "its runs are not over"), (Judge().Verdict, Judge().Reason));
        Store().Fail(Record() with { Status = RunRecord.Failed, Error = "the data is not there" });
        Assert.Equal((ClaimResult.NotJudged, "a run failed: the data is not there"), (Judge().Verdict, Judge().Reason));
        Assert.Null(Judge().Measured);
    }

    [Fact]
    public void A_claim_that_is_not_reproduced_fails_the_command_when_that_is_asked_for()
    {
        Publish("0.7");

        Assert.Equal("1 claim was not reproduced: one-loss", Report(strict: true).Failure);
        Assert.Null(Report(strict: false).Failure);
    }

    private RunStore Store() => RunStore.Create(_folder["store"], StoreFiles.Disk);

    private static RunRecord Record() => new()
    {
        Id = Run().Id,
        Command = "ufm",
        Name = "reproduce",
        Options = new Dictionary<string, string>(StringComparer.Ordinal),
        Seed = 0,
        Threads = 1,
        Status = RunRecord.Done,
        Version = "1",
        Finished = DateTimeOffset.UnixEpoch,
        Seconds = 12.5,
    };

    private static SweepRun Run() => new RunLines(".") { Threads = 1, Precision = "float64" }.Create("ufm", [], 0);

    private void Publish(string loss) => Store().Publish(Record() with { Facts = new RunFacts { Converged = true } }, [(RunStore.ReportName, path => File.WriteAllText(path, $$"""{ "result": { "loss": {{loss}} } }"""))]);

    private ClaimResult Judge() => ((ReproduceResult)Report(strict: false).Result).Claims[0];

    private Report Report(bool strict)
    {
        Claim claim = new()
        {
            Id = "one-loss",
            Paper = new ClaimPaper("one", "1111.11111", "One"),
            Statement = "The loss is a half.",
            Runs = [new ClaimRun("run", "ufm", new Dictionary<string, string>(StringComparer.Ordinal)) { Seconds = 1.0 }],
            Checks = [new ClaimCheck("loss", static evidence => Measured.Of(evidence["run"].Number("loss")), Expectation.Near(0.5, absolute: 0.1), "closed form")],
            RefutedBy = new Dictionary<string, string>(StringComparer.Ordinal) { ["width"] = "1" },
        };
        Store();
        SweepHost host = new() { Prepare = static _ => new PreparedRun { Settings = new RunSettings(), Validate = static () => { }, Run = static (_, _, _) => throw new InvalidOperationException() }, Program = new WorkerProgram("none", []), Folder = "." };
        return Reproduce.Run([claim], new ReproduceOptions { All = true, Strict = strict, Engine = new EngineOptions { Status = true, Store = _folder["store"] } }, new RunSettings { Blas = "managed" }, host, TimeProvider.System, null, default);
    }
}
