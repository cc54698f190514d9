using Eigenscope.Experiments.Claims;
using Eigenscope.Experiments.Engines;
using Eigenscope.Experiments.Runs;
using Eigenscope.Experiments.Sweeps;

namespace Eigenscope.Experiments.Tests.Claims;

/// <summary>Which claims are chosen, and what is run for them.</summary>
public sealed class ClaimPlannerTests
{
    private static readonly ClaimPaper First = new("first", "1111.11111", "First"), Second = new("second", "2222.22222", "Second");

    private static readonly Claim[] Claims =
    [
        Claim("first-a", First, [Run("r", 100.0, ("width", "8"))]) with { IsOracle = true },
        Claim("first-b", First, [Run("r", 100.0, ("width", "8")), Run("s", 5.0, ("width", "9")) with { Seeds = 3 }]),
        Claim("second-a", Second, []) with { Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["ridge"] = "0.01" } },
    ];

    [Theory]
    [InlineData("first-b", new[] { "first-b" })]
    [InlineData("first", new[] { "first-a", "first-b" })]
    [InlineData("2222.22222", new[] { "second-a" })]
    [InlineData("oracles", new[] { "first-a" })]
    public void Claims_are_chosen_by_name_paper_or_kind(string name, string[] expected) => Assert.Equal(expected, Planner(new ReproduceOptions { Claims = [name] }).Plan().Select(static claim => claim.Claim.Id));

    [Fact]
    public void All_unknown_names_are_told() =>
        Assert.Contains("'nix', 'first-c'", Assert.Throws<UsageException>(() => Planner(new ReproduceOptions { Claims = ["nix", "first-a", "first-c"] }).Plan()).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("first-c", "there is no claim 'first-c' (did you mean first-a?);")]
    [InlineData("thrid-c", "there is no claim 'thrid-c';")]
    [InlineData("--seconds", "unknown option '--seconds' of 'reproduce'")]
    public void A_name_that_is_none_is_told_with_the_nearest(string name, string told) =>
        Assert.StartsWith(told, Assert.Throws<UsageException>(() => Planner(new ReproduceOptions { Claims = [name] }).Plan()).Message, StringComparison.Ordinal);

    [Fact]
    public void Runs_have_the_options_of_the_claim_as_changed_and_consecutive_seeds()
    {
        PlannedClaim claim = Planner(new ReproduceOptions { Claims = ["first-b"], Set = ["width=12", "--depth=2"] }, new RunSettings { Seed = 7, Threads = 2 }).Plan()[0];

        Assert.Equal(["r", "s", "s", "s"], claim.Runs.Select(static run => run.Of.Name));
        Assert.Equal([7UL, 7UL, 8UL, 9UL], claim.Runs.Select(static run => run.Run.Seed));
        Assert.Equal("ufm --depth 2 --width 12 --seed 9 --threads 2 --precision float64", string.Join(' ', claim.Runs[3].Run.Arguments));
    }

    [Fact]
    public void A_run_that_names_its_precision_has_it_whatever_the_others_have()
    {
        Claim[] claims = [Claim("a", First, [Run("single", 1.0, ("precision", "float32")), Run("other", 1.0, ("width", "9"))])];

        PlannedClaim claim = Planner(new ReproduceOptions { All = true }, catalogue: claims).Plan()[0];

        Assert.Equal(["ufm --precision float32 --seed 0 --threads 1", "ufm --width 9 --seed 0 --threads 1 --precision float64"], claim.Runs.Select(static run => string.Join(' ', run.Run.Arguments)));
    }

    [Fact]
    public void What_two_claims_share_is_run_once_and_the_cheapest_claims_come_first()
    {
        ClaimPlanner planner = Planner(new ReproduceOptions { All = true });

        SweepPlan plan = planner.Runs(planner.Plan());

        Assert.Equal(["8", "9", "9", "9"], plan.Runs.Select(static run => run.Options["width"]));
    }

    [Fact]
    public void A_budget_leaves_out_what_does_not_fit_and_counts_shared_runs_once()
    {
        IReadOnlyList<PlannedClaim> claims = Planner(new ReproduceOptions { All = true }).Plan();

        Assert.Equal(["budget", "budget", null], ClaimPlanner.Fit(claims, 99.0, null).Select(static claim => claim.Obstacle));
        Assert.Equal([null, "budget", null], ClaimPlanner.Fit(claims, 114.0, null).Select(static claim => claim.Obstacle));
        Assert.Equal([null, null, null], ClaimPlanner.Fit(claims, 115.0, null).Select(static claim => claim.Obstacle));
    }

    [Fact]
    public void A_setting_is_changed_and_is_no_option_of_a_run()
    {
        Assert.Equal("1", Planner(new ReproduceOptions { Claims = ["second-a"], Set = ["ridge=1"] }).Plan()[0].Settings["ridge"]);
        Assert.Contains("has the settings ridge, got width", Assert.Throws<UsageException>(() => Planner(new ReproduceOptions { Claims = ["second-a"], Set = ["width=1"] }).Plan()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_run_cannot_do_here_is_an_obstacle_and_what_was_changed_wrongly_an_error()
    {
        static PreparedRun Refuse(IReadOnlyList<string> arguments) => throw new UsageException("--data: no such data");

        PlannedClaim[] claims = [.. Planner(new ReproduceOptions { All = true }, prepare: Refuse).Plan()];
        Assert.Equal(["--data: no such data", "--data: no such data", null], claims.Select(static claim => claim.Obstacle));
        Assert.Contains("--set: first-a: --data: no such data", Assert.Throws<UsageException>(() => Planner(new ReproduceOptions { Claims = ["first-a"], Set = ["depth=2"] }, prepare: Refuse).Plan()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("width")]
    [InlineData("=3")]
    [InlineData("width=")]
    public void A_change_is_an_option_and_its_value(string change) => Assert.Throws<UsageException>(() => Planner(new ReproduceOptions { Claims = ["first-a"], Set = [change] }).Plan());

    private static ClaimPlanner Planner(ReproduceOptions options, RunSettings? settings = null, RunPreparation? prepare = null, Claim[]? catalogue = null) =>
        new(catalogue ?? Claims, options, settings ?? new RunSettings(), new SweepHost { Prepare = prepare ?? Accept, Program = new WorkerProgram("none", []), Folder = "." });

    private static PreparedRun Accept(IReadOnlyList<string> arguments) => new() { Settings = new RunSettings(), Validate = static () => { }, Run = static (_, _, _) => throw new InvalidOperationException("nothing is run here") };

    private static ClaimRun Run(string name, double seconds, params (string Option, string Value)[] options) =>
        new(name, "ufm", options.ToDictionary(static option => option.Option, static option => option.Value, StringComparer.Ordinal)) { Seconds = seconds };

    private static Claim Claim(string id, ClaimPaper paper, IReadOnlyList<ClaimRun> runs) => new()
    {
        Id = id,
        Paper = paper,
        Statement = "It is so.",
        Runs = runs,
        Checks = [new ClaimCheck("loss", static evidence => Measured.Of(evidence["r"].Number("loss")), Expectation.Near(0.0), "closed form")],
        RefutedBy = new Dictionary<string, string>(StringComparer.Ordinal) { ["width"] = "1" },
    };
}
