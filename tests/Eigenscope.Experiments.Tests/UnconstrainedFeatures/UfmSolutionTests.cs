using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Experiments.Tests.UnconstrainedFeatures;

/// <summary>Which solution a run ends in, and that it says so.</summary>
public sealed class UfmSolutionTests
{
    private const double LossTolerance = 1e-10;

    [Fact]
    public void Past_the_spinodal_a_run_ends_at_zero_and_says_that_zero_is_optimal()
    {
        (Report report, UfmResult result) = UfmRuns.Run(UfmRuns.Small with { WeightDecay = 0.06 });

        Assert.Equal("zero", result.Theory!.Optimal);
        Assert.Equal("zero", result.Theory.Nearest);
        Assert.Equal(0.5, result.Loss, LossTolerance);
        Assert.False(result.Theory.Gain.IsDefined);
        Assert.True(result.Theory.Spinodal.Value < 0.06);
        Assert.Contains(report.Findings, static finding => finding.StartsWith("Zero is optimal", StringComparison.Ordinal));
        SpectrumReport full = result.Spectra.Single(static spectrum => spectrum is { Scope: "all", IncludesWeightDecay: true });
        Assert.All(full.Eigenvalues, static value => Assert.Equal(0.06, value, LossTolerance));
        Assert.All(result.Layers, static layer => Assert.False(layer.Input.Collapse.Nc1TraceRatio.IsDefined));
    }

    [Fact]
    public void Between_threshold_and_spinodal_zero_is_optimal_though_the_collapsed_solution_is_there()
    {
        (Report report, UfmResult result) = UfmRuns.Run(UfmRuns.Small with { WeightDecay = 0.045, Start = "dnc", InitScale = 1.2 });

        Assert.True(result.Theory!.IsZeroBelowCollapsed);
        Assert.Equal("dnc", result.Theory.Nearest);
        Assert.True(result.Loss > 0.5);
        Assert.Contains(report.Findings, static finding => finding.StartsWith("Zero is optimal", StringComparison.Ordinal) && finding.Contains("higher loss", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("mse", 4, "rank-2", 2)]
    [InlineData("cross-entropy", 4, "low-rank", 2)]
    [InlineData("cross-entropy", 10, "low-rank", 5)]
    public void A_low_rank_start_ends_in_the_solution_of_that_rank(string loss, int classes, string name, int rank)
    {
        (_, UfmResult result) = UfmRuns.Run(UfmRuns.Small with { Classes = classes, Loss = loss, Start = "low-rank", WeightDecay = 1e-3, Depth = 2, PerClass = 5 });

        Assert.Equal(name, result.Theory!.Nearest);
        Assert.Equal(rank, result.Theory.Rank);
        Assert.Equal(result.Theory.Candidates.Single(candidate => candidate.Name == name).Loss, result.Loss, LossTolerance);
    }

    [Fact]
    public void A_hadamard_start_ends_collapsed()
    {
        (_, UfmResult result) = UfmRuns.Run(UfmRuns.Small with { Start = "hadamard", Classes = 8, WeightDecay = 1e-3 });

        Assert.Equal("dnc", result.Theory!.Nearest);
    }

    [Fact]
    public void Starts_that_end_in_lower_ranks_are_counted_and_the_best_is_reported()
    {
        UfmOptions options = UfmRuns.Small with { Classes = 10, PerClass = 4, Width = 12, Depth = 6, WeightDecay = 5e-4, FeatureDecay = 2e-4, Starts = 4, Restarts = 6, Top = 1 };
        (_, UfmResult result) = UfmRuns.Run(options);

        Assert.True(result.Attempts.Count >= 4);
        Assert.Equal(result.Attempts.Count, result.Ranks.Sum(static rank => rank.Count));
        Assert.Contains(result.Ranks, static rank => rank.Rank < 10);
        Assert.Equal(result.Attempts.Min(static attempt => attempt.Loss.Value!.Value), result.Loss, LossTolerance);
        Assert.All(result.Attempts, attempt =>
        {
            CandidateReport candidate = result.Theory!.Candidates.Single(known => known.Name == attempt.Nearest);
            Assert.Equal(attempt.Rank, candidate.Rank);
            Assert.Equal(candidate.Loss, attempt.Loss.Value!.Value, LossTolerance);
        });
    }

    [Fact]
    public void Cross_entropy_without_decay_has_no_closed_form_and_says_why()
    {
        (_, UfmResult result) = UfmRuns.Run(UfmRuns.Small with { Loss = "cross-entropy", WeightDecay = 0.0 });

        Assert.Null(result.Theory);
        Assert.NotNull(result.TheoryReason);
        Assert.True(result.Loss < 1e-6);
    }

    [Fact]
    public void With_rectified_features_the_loss_comes_close_to_the_linear_closed_form_and_the_outliers_of_the_last_layer_to_its_own()
    {
        (_, UfmResult result) = UfmRuns.Run(Rectified);
        SpectrumReport last = result.Spectra.Single(static spectrum => spectrum is { Operator: "hessian", Scope: "3.weight" });
        double outlier = result.Theory!.Outlier.Value!.Value;

        Assert.Equal(0.00299887415, result.Theory.Loss, 1e-11);
        Assert.Equal(result.Theory.Loss, result.Loss, 1e-5);
        Assert.Equal(0.3326, outlier, 1e-4);
        Assert.All(last.Eigenvalues.Take(9), value => Assert.Equal(outlier, value, 0.01 * outlier));
        Assert.True(last.Eigenvalues[9] < 0.5 * outlier);
    }

    [Fact]
    public void With_three_classes_and_features_free_in_sign_a_ReLU_run_is_not_below_the_closed_form()
    {
        (_, UfmResult result) = UfmRuns.Run(Rectified with { RectifiedFeatures = false });

        Assert.True(result.Loss >= result.Theory!.Loss - LossTolerance, $"{result.Loss} is below {result.Theory.Loss}");
        Assert.All(result.Spectra.Where(static spectrum => spectrum.IncludesWeightDecay), static spectrum => Assert.Null(spectrum.Predicted));
    }

    [Fact]
    public void A_run_of_lower_rank_stands_beside_no_closed_form_of_another_solution()
    {
        (_, UfmResult result) = UfmRuns.Run(UfmRuns.Small with { Start = "low-rank" });

        Assert.Equal("rank-2", result.Theory!.Nearest);
        Assert.Empty(result.Theory.Comparisons);
        Assert.DoesNotContain(result.Spectra, static spectrum => spectrum.Predicted is { Source: "closed-form" });
    }

    [Theory]
    [InlineData("dnc", 1.0)]
    [InlineData("random", 1e-3)]
    public void A_point_that_is_not_stationary_is_no_solution(string start, double scale)
    {
        (Report report, UfmResult result) = UfmRuns.Run(UfmRuns.Small with { Start = start, InitScale = scale, Iterations = 0, Restarts = 0 });

        Assert.Null(result.Theory!.Nearest);
        Assert.Contains("not a stationary point", result.Theory.NearestReason, StringComparison.Ordinal);
        Assert.DoesNotContain(result.Spectra, static spectrum => spectrum.Predicted is { Source: "closed-form" });
        Assert.False(report.IsConverged);
    }

    [Fact]
    public void With_one_matrix_a_point_of_lower_rank_is_a_saddle_and_no_solution()
    {
        (_, UfmResult result) = UfmRuns.Run(UfmRuns.Small with { Depth = 1, Start = "low-rank" });

        Assert.Equal(2, result.Theory!.Rank);
        Assert.Contains("saddle", result.Theory.NearestReason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cross-entropy", false)]
    [InlineData("mse", true)]
    public void A_ReLU_that_would_have_to_carry_a_simplex_has_no_closed_form(string loss, bool bias)
    {
        (_, UfmResult result) = UfmRuns.Run(UfmRuns.Small with { Loss = loss, Bias = bias, Activation = "relu", Classes = 3, PerClass = 2, Width = 6, Depth = 2, Restarts = 0, Iterations = 50 });

        Assert.Null(result.Theory);
        Assert.Contains("simplex", result.TheoryReason, StringComparison.Ordinal);
    }

    [Fact]
    public void Cross_entropy_reports_the_solution_that_is_lower_than_collapse()
    {
        (_, UfmResult result) = UfmRuns.Run(UfmRuns.Small with { Loss = "cross-entropy", Start = "dnc" });

        Assert.Equal("low-rank", result.Theory!.Optimal);
        Assert.True(result.Theory.Loss < result.Theory.CollapsedLoss.Value);
        Assert.Equal(result.Theory.CollapsedLoss.Value!.Value, result.Loss, LossTolerance);
    }

    [Fact]
    public void In_single_precision_a_run_converges_to_what_that_precision_can_tell()
    {
        Report report = Ufm.Run(UfmRuns.Small with { Width = 8 }, UfmRuns.Settings with { Precision = "float32" }, TimeProvider.System, null, CancellationToken.None);

        Assert.True(report.IsConverged, string.Join(' ', report.Findings));
        Assert.Equal("dnc", ((UfmResult)report.Result).Theory!.Nearest);
    }

    [Fact]
    public void A_run_that_is_cancelled_before_it_begins_is_partial()
    {
        Report report = Ufm.Run(UfmRuns.Small, UfmRuns.Settings, TimeProvider.System, null, new CancellationToken(canceled: true));

        Assert.True(report.IsPartial);
        Assert.Empty(((UfmResult)report.Result).Spectra);
        Assert.Contains("No spectrum was computed.", report.Findings);
    }

    private static UfmOptions Rectified => UfmRuns.Small with { Activation = "relu", RectifiedFeatures = true, Classes = 3, PerClass = 4, Width = 8, Depth = 3, WeightDecay = 5e-4, FeatureDecay = 1.25e-4 };
}
