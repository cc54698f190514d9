using Eigenscope.Experiments.Claims;
using Eigenscope.Experiments.Engines;
using Eigenscope.Experiments.Engines.Slurm;
using Eigenscope.Experiments.Runs;
using Eigenscope.Experiments.Sweeps;
using Eigenscope.Experiments.Tests.Engines.Slurm;
using Eigenscope.Testing.Files;

namespace Eigenscope.Experiments.Tests.Claims;

/// <summary>Claims on a cluster that is pretended: what is submitted, and what is said of it.</summary>
public sealed class ClusterClaimTests : IDisposable
{
    private static readonly ClaimPaper Paper = new("one", "1111.11111", "One");

    // The second one costs more than any budget here.
    private static readonly Claim[] Claims = [Claim("one-cheap", 1.0, "6"), Claim("one-dear", 1e6, "7")];
    private readonly TemporaryFolder _folder = new();
    private readonly PretendedSlurm _slurm = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_job_that_collects_is_told_everything_that_runs_are_known_by()
    {
        ReproduceResult result = Reproduce(new ReproduceOptions { All = true, Budget = "1h", Engine = Cluster() });

        Assert.Equal(new SlurmSubmitted(1, 1, 100, 101, 0, 0), result.Slurm!.Submitted);
        Assert.Equal(["its runs are not over", "budget"], result.Claims.Select(static claim => claim.Reason));
        string collect = File.ReadAllText(_folder["store/sweeps/reproduce/slurm/0001/collect.sh"]);
        Assert.EndsWith($"exec 'eigenscope' 'reproduce' 'one-cheap' '--seed' '7' '--threads' '2' '--precision' 'float32' '--store' '{_folder["store"]}' '--status' '--json' '{_folder["store/sweeps/reproduce/result.json"]}'\n", collect, StringComparison.Ordinal);
    }

    [Fact]
    public void Changes_are_told_too()
    {
        Reproduce(new ReproduceOptions { Claims = ["one-cheap"], Set = ["depth=2"], Engine = Cluster() });

        Assert.Contains("'reproduce' 'one-cheap' '--set' 'depth=2' '--seed'", File.ReadAllText(_folder["store/sweeps/reproduce/slurm/0001/collect.sh"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PENDING|Priority", "its runs are not over", "pending")]
    [InlineData("RUNNING|", "its runs are not over", "running")]
    [InlineData("PENDING|JobHeldUser", "the cluster says of a run: stuck, ", "stuck")]
    [InlineData("TIMEOUT|TimeLimit", "the cluster says of a run: failed, TIMEOUT", "failed")]
    [InlineData(null, "the cluster says of a run: lost, ", "lost")]
    public void What_became_of_a_run_is_said_of_its_claim(string? state, string reason, string word)
    {
        ReproduceOptions options = new() { Claims = ["one-cheap"], Engine = Cluster() };
        Reproduce(options);
        _slurm.SetAll(100, state);

        ClaimResult claim = Reproduce(options with { Engine = Cluster() with { Status = true } }).Claims[0];

        Assert.Equal(ClaimResult.NotJudged, claim.Verdict);
        Assert.StartsWith(reason, claim.Reason, StringComparison.Ordinal);
        Assert.Equal(word, Assert.Single(claim.Runs).Slurm!.State);
    }

    private static Claim Claim(string id, double seconds, string width) => new()
    {
        Id = id,
        Paper = Paper,
        Statement = "It is so.",
        Runs = [new ClaimRun("run", "ufm", new Dictionary<string, string>(StringComparer.Ordinal) { ["width"] = width }) { Seconds = seconds }],
        Checks = [new ClaimCheck("loss", static evidence => Measured.Of(evidence["run"].Number("loss")), Expectation.Near(0.0), "closed form")],
        RefutedBy = new Dictionary<string, string>(StringComparer.Ordinal) { ["width"] = "1" },
    };

    private EngineOptions Cluster() => new() { Name = EngineOptions.Cluster, Store = _folder["store"] };

    private ReproduceResult Reproduce(ReproduceOptions options)
    {
        SweepHost host = new()
        {
            Prepare = static _ => new PreparedRun { Settings = new RunSettings(), Validate = static () => { }, Run = static (_, _, _) => throw new InvalidOperationException("nothing is run here") },
            Program = new WorkerProgram("eigenscope", []),
            Folder = _folder.Path,
            Slurm = new SlurmClient(_slurm, new Dictionary<string, string?>(StringComparer.Ordinal)),
        };
        RunSettings settings = new() { Blas = "managed", Seed = 7, Threads = 2, Precision = "float32" };
        return (ReproduceResult)Experiments.Claims.Reproduce.Run(Claims, options, settings, host, TimeProvider.System, null, default).Result;
    }
}
