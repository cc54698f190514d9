using Eigenscope.Experiments.Runs;
using Eigenscope.Experiments.Sweeps;
using Eigenscope.Testing.Files;

namespace Eigenscope.Experiments.Tests.Sweeps;

public sealed class SweepRecipeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_recipe_is_read_as_it_is_promised()
    {
        SweepRecipe recipe = Load("""
            command: ufm
            options: { classes: 3, width: 8, depth: [1, 2, 3], weight-decay: { log: [1e-4, 1e-2, 5] } }
            seeds: 3
            name: depth-against-decay
            """);

        Assert.Equal(("ufm", "depth-against-decay", 1), (recipe.Command, recipe.Name, recipe.Threads));
        Assert.Equal([0ul, 1ul, 2ul], recipe.Seeds);
        Assert.Equal(["classes", "width", "depth", "weight-decay"], recipe.Axes.Select(static axis => axis.Option));
        Assert.Equal(["1", "2", "3"], recipe.Axes[2].Values);
        // 1e-4 · 10^(i/2): the ends as written, between them twelve digits.
        Assert.Equal(["0.0001", "0.000316227766017", "0.001", "0.00316227766017", "0.01"], recipe.Axes[3].Values);
    }

    [Theory]
    [InlineData("{ lin: [2, 8, 4] }", "2 4 6 8")]
    [InlineData("{ lin: [0.1, 0.3, 3] }", "0.1 0.2 0.3")]
    [InlineData("{ log: [1, 1000, 4] }", "1 10 100 1000")]
    [InlineData("{ lin: [1, -1, 3] }", "1 0 -1")]
    [InlineData("[1e-3, 0.01, mse]", "0.001 0.01 mse")]
    [InlineData("[true, false]", "true false")]
    [InlineData("'007'", "007")]
    [InlineData("5e-4", "0.0005")]
    public void Values_and_ranges(string yaml, string expected) =>
        Assert.Equal(expected.Split(' '), Load($"command: study\noptions:\n  x: {yaml}\n").Axes[0].Values);

    [Fact]
    public void Everything_wrong_is_told_at_once_with_its_line()
    {
        UsageException fault = Assert.Throws<UsageException>(() => Load("""
            command: train
            options:
              width: { log: [0, 8, 3] }
              depth: []
              loss: { lin: [1, 2] }
              rate: [1, 1.0]
            seeds: 0
            name: ../up
            threads: 0
            precision: half
            arrays: maybe
            colour: red
            """));

        foreach (string expected in (string[])
            [
                "line 1: expected command: study or ufm or deep-rfm, got 'train'", "line 3: width: expected a logarithmic range between positive numbers, got 0 and 8", "line 4: depth: expected a value", "line 5: loss: expected a range",
                "line 6: rate: expected every value once", "line 7: seeds: expected", "line 8: name: expected", "line 9: threads: expected", "line 10: precision: expected", "line 11: arrays: expected", "line 12: 'colour' is not part of a recipe",
            ])
            Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: [1", "line")]
    [InlineData("command: ufm\ncommand: study", "line 2")]
    [InlineData("", "expected command")]
    [InlineData("- 1", "expected a recipe")]
    public void What_is_no_recipe_is_refused(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<UsageException>(() => Load(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Every_combination_meets_every_seed_and_each_once()
    {
        SweepPlan plan = Plan("command: ufm\noptions: { width: [4, 8], depth: [1, 2, 3], bias: [true, false] }\nseeds: [7, 9]\n");

        Assert.Equal(2 * 3 * 2 * 2, plan.Runs.Count);
        Assert.Equal(plan.Runs.Count, plan.Runs.Select(static run => run.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.Contains(plan.Runs, static run => run.Arguments.SequenceEqual(["ufm", "--bias", "--depth", "3", "--width", "4", "--seed", "9", "--threads", "1"]));
        Assert.Contains(plan.Runs, static run => run.Arguments.SequenceEqual(["ufm", "--depth", "1", "--width", "8", "--seed", "7", "--threads", "1"]));
    }

    [Fact]
    public void A_run_is_known_by_what_it_does_and_not_by_how_the_recipe_is_written()
    {
        SweepPlan one = Plan("command: ufm\noptions: { width: 8, weight-decay: [1e-3, 1e-2] }\nname: one\n");
        SweepPlan other = Plan("name: other\nseeds: 1\noptions: { weight-decay: { log: [0.001, 0.01, 2] }, width: 8.0 }\ncommand: ufm\n");
        SweepPlan threads = Plan("command: ufm\noptions: { width: 8, weight-decay: [1e-3, 1e-2] }\nthreads: 2\n");

        Assert.Equal(one.Runs.Select(static run => run.Id), other.Runs.Select(static run => run.Id));
        Assert.Empty(one.Runs.Select(static run => run.Id).Intersect(threads.Runs.Select(static run => run.Id), StringComparer.Ordinal));
    }

    [Fact]
    public void The_users_own_data_counts_by_what_it_holds()
    {
        string path = Path.Combine(_folder.Path, "mine.csv");
        const string Recipe = "command: study\noptions: { data: mine.csv }\n";
        File.WriteAllText(path, "1,2,a\n3,4,b\n");
        string first = Plan(Recipe).Runs[0].Id;
        File.WriteAllText(path, "1,2,a\n3,5,b\n");
        string changed = Plan(Recipe).Runs[0].Id;
        File.WriteAllText(path, "1,2,a\n3,4,b\n");

        Assert.NotEqual(first, changed);
        Assert.Equal(first, Plan(Recipe).Runs[0].Id);
    }

    [Fact]
    public void A_fault_of_some_combinations_is_told_once_with_the_first_of_them()
    {
        UsageException fault = Assert.Throws<UsageException>(() => SweepPlanner.Plan(
            Load("command: ufm\noptions: { width: [2, 4, 8], depth: [1, 2] }\nseeds: 5\nname: some\n"), _folder.Path, static arguments => Prepared(() =>
            {
                if (arguments.Contains("2", StringComparer.Ordinal) && arguments[arguments.ToList().IndexOf("--width") + 1] is "2")
                    throw new UsageException("--width must be at least 3, got 2; --depth is odd");
            })));

        Assert.Equal("sweep some: --width must be at least 3, got 2 (2 of 6 combinations, the first width 2, depth 1); --depth is odd (2 of 6 combinations, the first width 2, depth 1)", fault.Message);
    }

    [Theory]
    [InlineData("seed: 3", "seeds: stands beside options")]
    [InlineData("json: a.json", "the store keeps every run's JSON")]
    public void Options_that_a_sweep_gives_itself_are_refused(string option, string expected) =>
        Assert.Contains(expected, Assert.Throws<UsageException>(() => Plan($"command: ufm\noptions: {{ {option} }}\n")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_grid_beyond_all_measure_is_refused_before_it_is_made() =>
        Assert.Contains("at most 100,000 runs", Assert.Throws<UsageException>(() => Plan("command: ufm\noptions: { a: { lin: [1, 10000, 10000] }, b: { lin: [1, 10000, 10000] }, c: { lin: [1, 10000, 10000] } }\n")).Message, StringComparison.Ordinal);

    private SweepPlan Plan(string text) => SweepPlanner.Plan(Load(text), _folder.Path, static _ => Prepared(static () => { }));

    private SweepRecipe Load(string text)
    {
        string path = Path.Combine(_folder.Path, "recipe.yaml");
        File.WriteAllText(path, text);
        return SweepRecipe.Load(path);
    }

    private static PreparedRun Prepared(Action validate) => new() { Settings = new RunSettings(), Validate = validate, Run = static (_, _, _) => throw new InvalidOperationException("nothing runs here") };
}
