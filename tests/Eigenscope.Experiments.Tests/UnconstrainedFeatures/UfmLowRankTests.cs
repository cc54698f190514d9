using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Experiments.Tests.UnconstrainedFeatures;

/// <summary>Solutions of lower rank than collapse: their losses, how often starts end in them, and how flat the objective is there (arXiv 2405.14468 and 2410.23169).</summary>
public sealed class UfmLowRankTests
{
    // Plain gradient descent keeps the symmetry of its start; after 30,000 steps it is this close to where it is going.
    private const double DescentTolerance = 1e-6;

    private static UfmOptions Edges => UfmRuns.Small with { Classes = 6, PerClass = 2, Width = 8, Depth = 4, Activation = "relu", WeightDecay = 1e-3, Start = "srg", Top = 1 };

    [Fact]
    public void Gradient_descent_from_edges_comes_to_the_loss_in_closed_form_and_to_ranks_r_and_K()
    {
        (Report report, UfmResult result) = UfmRuns.Run(Edges with { Optimizer = "gradient-descent", Iterations = 30000, LearningRate = 0.2 });
        CandidateReport candidate = result.Theory!.Candidates.Single(static known => known.Name is "srg");

        Assert.Equal("srg", result.Theory.Optimal);
        Assert.Equal("srg", result.Theory.Nearest);
        Assert.Equal(candidate.Loss, result.Loss, DescentTolerance);
        Assert.True(result.Loss < result.Theory.CollapsedLoss.Value);
        Assert.Equal((4, 6), (result.Theory.HiddenRank, result.Theory.Rank));
        Assert.Equal((4, 6), (candidate.HiddenRank, candidate.Rank));
        Assert.Contains(report.Findings, static finding => finding.StartsWith("The run ended in the strongly regular solution", StringComparison.Ordinal));
        Assert.All(result.Nullity, static nullity => Assert.False(nullity.Predicted.IsDefined));
        Assert.DoesNotContain(result.Spectra, static spectrum => spectrum.Predicted is { Source: "closed-form" });
    }

    [Fact]
    public void The_published_pattern_itself_is_no_stationary_point()
    {
        (_, UfmResult result) = UfmRuns.Run(Edges with { Iterations = 0 });

        // For r = 4 the pattern has rank r − 1 before the last ReLU.
        Assert.Equal((3, 6), (result.Theory!.HiddenRank, result.Theory.Rank));
        Assert.Null(result.Theory.Nearest);
    }

    [Fact]
    public void A_collapsed_ReLU_run_is_not_taken_for_edges()
    {
        (_, UfmResult result) = UfmRuns.Run(Edges with { Start = "dnc" });

        Assert.Equal("dnc", result.Theory!.Nearest);
        Assert.Equal(6, result.Theory.HiddenRank);
        Assert.Equal(result.Theory.CollapsedLoss.Value!.Value, result.Loss, 1e-10);
    }

    // K = d = 6, L = 2, all decays equal: 30 and 24, the orbits' dimensions with the features among the variables; half of them in the weights alone, which have one place for a rotation less.
    [Theory]
    [InlineData("dnc", 5, 30)]
    [InlineData("low-rank", 3, 24)]
    public void The_Hessian_has_as_many_zeros_as_rotations_leave(string start, int rank, int zeros)
    {
        (Report report, UfmResult result) = UfmRuns.Run(UfmRuns.Small with { Classes = 6, PerClass = 2, Width = 6, Depth = 2, Loss = "cross-entropy", WeightDecay = 1e-3, Start = start });

        Assert.Equal(start, result.Theory!.Nearest);
        Assert.Equal(rank, result.Theory.Rank);
        Assert.Equal([("all", zeros / 2.0), ("all+features", zeros)], result.Nullity.Select(static nullity => (nullity.Scope, nullity.Count.Value!.Value)));
        Assert.Equal(result.Nullity.Select(static nullity => nullity.Count), result.Nullity.Select(static nullity => nullity.Predicted));
        Assert.Contains(report.Findings, finding => finding.Contains(FormattableString.Invariant($"{zeros} in weights and features, {zeros} predicted"), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("cross-entropy", true, 3, 1e-3)]
    [InlineData("mse", false, 4, 1e-3)]
    public void Nullity_is_predicted_with_a_bias_and_for_mean_squared_error_too(string loss, bool bias, int rank, double decay)
    {
        (_, UfmResult result) = UfmRuns.Run(UfmRuns.Small with { Classes = 4, PerClass = 3, Width = 7, Depth = 3, Loss = loss, Bias = bias, WeightDecay = decay, Start = "dnc" });

        double each = (rank * 7) - (rank * (rank + 1) / 2);
        double shift = bias ? 1 : 0;
        Assert.Equal([(2 * each) + shift, (3 * each) + shift], result.Nullity.Select(static nullity => nullity.Count.Value!.Value));
        Assert.Equal(result.Nullity.Select(static nullity => nullity.Count), result.Nullity.Select(static nullity => nullity.Predicted));
    }

    // The published losses at K = 10, L = 2, n = 5, all decays 2⁻¹⁰.
    [Theory]
    [InlineData("dnc", 0.090662, 9)]
    [InlineData("low-rank", 0.080013, 5)]
    public void Cross_entropy_solutions_have_the_published_losses_and_as_many_equal_singular_values_as_their_rank(string start, double loss, int rank)
    {
        (_, UfmResult result) = UfmRuns.Run(TenClasses with { Start = start });

        Assert.Equal(start, result.Theory!.Nearest);
        Assert.Equal(loss, result.Loss, 1e-6);
        Assert.Equal(loss, result.Theory.Candidates.Single(candidate => candidate.Name == start).Loss, 1e-6);
        UfmAttemptReport reported = Assert.Single(result.Attempts);
        Assert.Equal(rank, reported.Rank);
        Assert.Equal(rank, reported.EffectiveRank.Value!.Value, 1e-6);
    }

    [Fact]
    public void Random_starts_end_at_or_below_the_loss_of_collapse_and_their_shares_are_told()
    {
        (Report report, UfmResult result) = UfmRuns.Run(TenClasses with { Starts = 5, Restarts = 0 });

        Assert.All(result.Attempts, attempt => Assert.True(attempt.Loss.Value <= result.Theory!.CollapsedLoss.Value + 1e-9, $"{attempt.Loss.Value}"));
        Assert.Equal(5, result.Endings.Sum(static ending => ending.Count));
        Assert.Equal(1.0, result.Endings.Sum(static ending => ending.Share), 1e-12);
        Assert.All(result.Endings, ending =>
        {
            Assert.Equal(ending.Count, result.Attempts.Count(attempt => (attempt.Nearest ?? "other") == ending.Name));
            Assert.True(ending.Low < ending.Share || ending.Share == 0.0);
            Assert.True(ending.StandardError > 0.0);
        });
        Assert.Contains(report.Findings, static finding => finding.StartsWith("Of 5 independent starts ended", StringComparison.Ordinal) && finding.Contains("Wilson's intervals. 5 ended at or below the loss of the collapsed solution", StringComparison.Ordinal));
    }

    [Fact]
    public void Gradient_descent_on_cross_entropy_ends_at_or_below_the_loss_of_collapse()
    {
        (_, UfmResult result) = UfmRuns.Run(TenClasses with { Starts = 3, Restarts = 0, Optimizer = "gradient-descent", LearningRate = 2.0, Iterations = 10000 });

        Assert.All(result.Attempts, attempt => Assert.True(attempt.Loss.Value <= result.Theory!.CollapsedLoss.Value + 1e-9, $"{attempt.Loss.Value}"));
        Assert.All(result.Attempts, static attempt => Assert.True(attempt.Rank < 9, $"{attempt.Rank}"));
    }

    // arXiv 2405.14468: four layers, K = 10, width 30, decay .004, rate .5. The number of samples is not given there: 5 a class. Of twenty starts 17 ended below collapse after 20,000 steps, 15 of them with a rank of 7 to 9.
    [Fact]
    public void Most_ReLU_descents_end_below_collapse_with_a_lower_rank_before_the_last_ReLU()
    {
        UfmOptions options = UfmRuns.Small with { Classes = 10, PerClass = 5, Width = 30, Depth = 4, Activation = "relu", WeightDecay = 4e-3, Optimizer = "gradient-descent", LearningRate = 0.5, Iterations = 12000, Starts = 3, Restarts = 0, Top = 1 };
        UfmPlan plan = UfmRecipe.Resolve(options, UfmRuns.Settings);
        Objective joint = Objective.Create(plan.Joint, FeatureTableLayer.Indices(plan.Samples), plan.Labels, plan.Loss, RunHost.Start(UfmRuns.Settings).Compute, new ObjectiveOptions());
        IReadOnlyList<UfmAttemptReport> attempts = new UfmTraining(plan, joint, new RandomStream(0).Split("ufm").Split("training"), new RunClock(TimeProvider.System), null).Run(CancellationToken.None).Attempts;
        UfmAttemptReport[] below = [.. attempts.Where(attempt => attempt.Loss.Value <= plan.Optimum!.Loss)];

        Assert.True(below.Length >= 2, string.Join(' ', attempts));
        Assert.All(below, static attempt => Assert.Equal(10, attempt.Rank));
        Assert.Contains(below, static attempt => attempt.HiddenRank < 10);
    }

    [Fact]
    public void Larger_starts_that_follow_are_not_counted_among_independent_ones()
    {
        UfmOptions options = UfmRuns.Small with { Classes = 10, PerClass = 4, Width = 12, Depth = 6, WeightDecay = 5e-4, FeatureDecay = 2e-4, Starts = 2, Restarts = 2, Top = 1 };
        (_, UfmResult result) = UfmRuns.Run(options);

        Assert.True(result.Attempts.Count > 2);
        Assert.Equal(2, result.Endings.Sum(static ending => ending.Count));
    }

    // A step of gradient descent errs from the flow by its size: half of it, half the difference.
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Descent_without_decay_comes_to_the_flow_as_its_steps_shrink(int perClass)
    {
        UfmOptions options = UfmRuns.Small with { Classes = 8, PerClass = perClass, Width = 9, Depth = 2, Loss = "cross-entropy", WeightDecay = 0.0, Start = "hadamard", HadamardSpread = 0.3, Optimizer = "gradient-descent", Restarts = 0, Top = 1 };
        (Report report, UfmResult coarse) = UfmRuns.Run(options with { LearningRate = 0.1, Iterations = 500 });
        (_, UfmResult fine) = UfmRuns.Run(options with { LearningRate = 0.05, Iterations = 1000 });

        Assert.Equal(50.0, coarse.Flow!.Time, 1e-12);
        Assert.Equal(coarse.Flow.SingularValues, fine.Flow!.SingularValues);
        Assert.True(coarse.Flow.MaxDifference < 0.01 * coarse.Flow.SingularValues[0], $"{coarse.Flow.MaxDifference}");
        Assert.Equal(0.5, fine.Flow.MaxDifference / coarse.Flow.MaxDifference, 0.02);
        Assert.Equal(coarse.Loss, coarse.Flow.Loss, 0.02 * coarse.Loss);
        Assert.Equal(coarse.Flow.EffectiveRank, coarse.Flow.MeasuredEffectiveRank.Value!.Value, 0.02);
        Assert.Contains(report.Findings, static finding => finding.StartsWith("Gradient flow from the same start", StringComparison.Ordinal));
    }

    [Fact]
    public void Only_a_descent_that_follows_the_flow_has_it_beside()
    {
        (_, UfmResult decayed) = UfmRuns.Run(UfmRuns.Small with { Loss = "cross-entropy", Start = "hadamard", Optimizer = "gradient-descent", Iterations = 10 });
        UsageException fault = Assert.Throws<UsageException>(static () => UfmRuns.Run(UfmRuns.Small with { HadamardSpread = 0.1 }));

        Assert.Null(decayed.Flow);
        Assert.Contains("--hadamard-spread", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("relu", 4, "mse", 7, "--classes")]
    [InlineData("linear", 4, "mse", 6, "--activation")]
    [InlineData("relu", 2, "mse", 6, "--depth")]
    [InlineData("relu", 4, "cross-entropy", 6, "--loss")]
    public void Edges_are_refused_where_there_is_no_such_solution(string activation, int depth, string loss, int classes, string option)
    {
        UsageException fault = Assert.Throws<UsageException>(() => UfmRuns.Run(Edges with { Activation = activation, Depth = depth, Loss = loss, Classes = classes }));

        Assert.Contains(option, fault.Message, StringComparison.Ordinal);
    }

    private static UfmOptions TenClasses => UfmRuns.Small with { Classes = 10, PerClass = 5, Width = 10, Depth = 2, Loss = "cross-entropy", WeightDecay = 1.0 / 1024.0, Top = 1 };
}
