using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Tests.Derivatives;
using Eigenscope.Learning.Training;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Learning.Tests.Training;

public sealed class SecondOrderMinimizerTests
{
    private const double GradientTolerance = 1e-10;

    // What the last Newton steps leave: rounding of a gradient that sums terms of order one.
    private const double Rounding = 1e-13;
    private const double LossTolerance = 1e-12;
    private static readonly SecondOrderOptions NewtonAlone = new() { LbfgsIterations = 0 };
    private readonly RidgeProblem _ridge = new();

    [Fact]
    public void Deep_linear_features_reach_the_closed_form_from_random_starts()
    {
        LinearUfm model = new(4, 10, 16, 3, 5e-3, 5e-3);
        for (ulong seed = 1; seed <= 6; seed++)
        {
            MinimizationOutcome outcome = new SecondOrderMinimizer(model.Objective, model.Decay, new SecondOrderOptions()).Run(model.Random(seed));
            Assert.Equal(MinimizationStatus.Converged, outcome.Status);
            Assert.True(outcome.GradientNorm <= Rounding, $"seed {seed}: gradient norm {outcome.GradientNorm:E2}");
            Assert.Equal(model.LossOfRank(4, model.Root), outcome.Loss, LossTolerance);
            AssertWeights(model, outcome.Parameters, rank: 4);
        }
    }

    [Theory]
    [InlineData(10, 5, 16, 6, 1e-3, 1e-3)]
    [InlineData(10, 4, 12, 6, 5e-4, 2e-4)]
    [InlineData(5, 7, 9, 4, 3e-3, 1e-3)]
    [InlineData(3, 4, 6, 1, 5e-3, 1.25e-3)]
    public void Every_random_start_ends_at_a_local_minimum_of_some_rank(int classes, int perClass, int width, int depth, double decay, double featureDecay)
    {
        LinearUfm model = new(classes, perClass, width, depth, decay, featureDecay);
        for (ulong seed = 1; seed <= 3; seed++)
        {
            MinimizationOutcome outcome = new SecondOrderMinimizer(model.Objective, model.Decay, new SecondOrderOptions()).Run(model.Random(seed));
            Assert.Equal(MinimizationStatus.Converged, outcome.Status);
            Assert.True(outcome.GradientNorm <= GradientTolerance);
            int rank = Enumerable.Range(0, classes + 1).MinBy(r => Math.Abs(model.LossOfRank(r, model.Root) - outcome.Loss));
            Assert.Equal(model.LossOfRank(rank, model.Root), outcome.Loss, LossTolerance);
            AssertWeights(model, outcome.Parameters, rank);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(500)]
    public void A_saddle_is_left_along_its_negative_curvature(int lbfgsIterations)
    {
        LinearUfm model = new(4, 10, 16, 3, 5e-3, 5e-3);
        double[] start = model.Stationary(model.SmallerRoot);
        double[] gradient = new double[start.Length];
        model.Objective.Gradient(start, gradient);
        model.Decay.AddGradient(start, gradient);
        Assert.True(Math.Sqrt(gradient.Sum(static g => g * g)) < Rounding, "the start is not the saddle it should be");
        new RandomStream(3).FillNormal(gradient, 1e-6);
        MinimizationOutcome outcome = new SecondOrderMinimizer(model.Objective, model.Decay, new SecondOrderOptions { LbfgsIterations = lbfgsIterations }).Run([.. start.Zip(gradient, static (x, noise) => x + noise)]);
        Assert.Equal(MinimizationStatus.Converged, outcome.Status);
        Assert.True(outcome.Loss < model.LossOfRank(4, model.SmallerRoot) - 1e-3, $"still at the saddle's loss: {outcome.Loss}");
        Assert.Contains(Enumerable.Range(0, 5), rank => Math.Abs(model.LossOfRank(rank, model.Root) - outcome.Loss) <= LossTolerance);
    }

    [Fact]
    public void Newton_alone_solves_ridge_regression_in_a_few_steps()
    {
        MinimizationOutcome outcome = new SecondOrderMinimizer(_ridge.Objective, _ridge.WeightDecay, NewtonAlone).Run(_ridge.Initial);
        Assert.Equal(MinimizationStatus.Converged, outcome.Status);
        Assert.Equal(0, outcome.LbfgsIterations);
        Assert.True(outcome.NewtonIterations <= 12, $"{outcome.NewtonIterations} steps");
        // The smallest curvature is at least the decay.
        Assert.True(RidgeProblem.Distance(outcome.Parameters, _ridge.Solution()) <= Rounding / RidgeProblem.Decay);
    }

    [Fact]
    public void Both_phases_end_at_the_ridge_solution_and_leave_the_start_alone()
    {
        double[] start = [.. _ridge.Initial];
        List<MinimizationProgress> seen = [];
        MinimizationOutcome outcome = new SecondOrderMinimizer(_ridge.Objective, _ridge.WeightDecay, new SecondOrderOptions()).Run(start, seen.Add);
        Assert.Equal(_ridge.Initial, start);
        Assert.True(outcome.LbfgsIterations > 0 && outcome.NewtonIterations > 0 && outcome.Products > 0);
        Assert.True(RidgeProblem.Distance(outcome.Parameters, _ridge.Solution()) <= Rounding / RidgeProblem.Decay);
        Assert.True(seen.Zip(seen.Skip(1)).All(static pair => pair.Second.Loss <= pair.First.Loss * (1.0 + 1e-14)));
        Assert.Equal(outcome.GradientNorm, seen[^1].GradientNorm);
        Assert.Equal(outcome.Loss, seen[^1].Loss);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(500)]
    public void Logistic_regression_with_decay_ends_where_the_textbook_gradient_vanishes(int lbfgsIterations)
    {
        const double Lambda = 1e-3;
        DerivativeProblem problem = new([6, 4], Activation.Linear, "cross-entropy", biases: false);
        SecondOrderOptions options = new() { LbfgsIterations = lbfgsIterations };
        MinimizationOutcome outcome = new SecondOrderMinimizer(problem.Objective(2), WeightDecay.OnWeights(problem.Network, Lambda), options).Run(problem.Parameters);
        Assert.Equal(MinimizationStatus.Converged, outcome.Status);
        double[][] x = [.. Enumerable.Range(0, DerivativeProblem.Samples).Select(i => problem.Inputs.Row(i).ToArray())];
        (double loss, double[] gradient) = problem.Reference.Evaluate(outcome.Parameters, x, problem.Labels, problem.Weights);
        double square = gradient.Zip(outcome.Parameters, static (g, theta) => (g + (Lambda * theta)) * (g + (Lambda * theta))).Sum();
        // Strictly convex: the gradient vanishes at the minimum alone.
        Assert.True(Math.Sqrt(square) <= GradientTolerance);
        Assert.Equal(loss + (0.5 * Lambda * outcome.Parameters.Sum(static theta => theta * theta)), outcome.Loss, LossTolerance);
    }

    [Fact]
    public void Convergence_is_faster_than_linear()
    {
        LinearUfm model = new(4, 10, 16, 3, 5e-3, 5e-3);
        List<double> norms = [];
        new SecondOrderMinimizer(model.Objective, model.Decay, new SecondOrderOptions()).Run(model.Random(1), progress =>
        {
            if (progress.NewtonIterations > 0)
                norms.Add(progress.GradientNorm);
        });
        Assert.True(norms.Count <= 6, $"{norms.Count} Newton steps from a gradient of {norms[0]:E1}");
        // Above rounding every step gains at least half as many digits again as there were.
        Assert.All(norms.Zip(norms.Skip(1)).Where(static pair => pair.First > 1e-9), static pair => Assert.True(pair.Second <= Math.Pow(pair.First, 1.4), $"{pair.First:E1} → {pair.Second:E1}"));
    }

    [Fact]
    public void ReLU_descends_as_far_as_its_kinks_let_it_and_says_so()
    {
        Network network = Network.UnconstrainedFeatures(new UfmNetworkOptions { Samples = 12, Widths = [8, 8, 8, 3], Activation = Activation.Relu, RectifiedFeatures = true });
        Objective objective = Objective.Create(network, FeatureTableLayer.Indices(12), [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2], new MeanSquaredError(), _ridge.Compute, new ObjectiveOptions());
        WeightDecay decay = WeightDecay.OnWeights(network, 1e-3);
        double[] start = network.Initialize(new InitializationOptions { Scale = 1.5 }, new RandomStream(5));
        MinimizationOutcome outcome = new SecondOrderMinimizer(objective, decay, new SecondOrderOptions()).Run(start);
        double[] gradient = new double[start.Length];
        double loss = objective.Gradient(outcome.Parameters, gradient).Loss + decay.Penalty(outcome.Parameters);
        decay.AddGradient(outcome.Parameters, gradient);
        Assert.Equal(loss, outcome.Loss, LossTolerance);
        Assert.Equal(Math.Sqrt(gradient.Sum(static g => g * g)), outcome.GradientNorm, LossTolerance);
        Assert.True(outcome.Loss < 0.2 * (objective.Evaluate(start).Loss + decay.Penalty(start)));
        Assert.Equal(outcome.GradientNorm <= GradientTolerance, outcome.Status == MinimizationStatus.Converged);
    }

    [Fact]
    public void Same_start_gives_the_same_bits()
    {
        LinearUfm model = new(4, 10, 16, 3, 5e-3, 5e-3);
        SecondOrderMinimizer minimizer = new(model.Objective, model.Decay, new SecondOrderOptions());
        Assert.Equal(minimizer.Run(model.Random(2)).Parameters, minimizer.Run(model.Random(2)).Parameters);
    }

    [Fact]
    public void Budgets_end_the_search_where_it_is()
    {
        LinearUfm model = new(4, 10, 16, 3, 5e-3, 5e-3);
        MinimizationOutcome Run(SecondOrderOptions options) => new SecondOrderMinimizer(model.Objective, model.Decay, options).Run(model.Random(1));
        MinimizationOutcome steps = Run(new SecondOrderOptions { LbfgsIterations = 3, NewtonIterations = 2 });
        Assert.Equal((MinimizationStatus.BudgetExhausted, 3, 2), (steps.Status, steps.LbfgsIterations, steps.NewtonIterations));
        MinimizationOutcome products = Run(new SecondOrderOptions { LbfgsIterations = 10, MaxProducts = 7 });
        Assert.Equal((MinimizationStatus.BudgetExhausted, 7), (products.Status, products.Products));
        MinimizationOutcome none = Run(new SecondOrderOptions { LbfgsIterations = 0, NewtonIterations = 0 });
        Assert.Equal(model.Random(1), none.Parameters);
    }

    [Fact]
    public void Cancellation_stops_either_phase_with_the_best_point()
    {
        LinearUfm model = new(4, 10, 16, 3, 5e-3, 5e-3);
        double atStart = model.Objective.Evaluate(model.Random(1)).Loss + model.Decay.Penalty(model.Random(1));
        foreach ((int lbfgs, int newton) in new[] { (4, 0), (48, 1) })
        {
            using CancellationTokenSource source = new();
            MinimizationOutcome outcome = new SecondOrderMinimizer(model.Objective, model.Decay, new SecondOrderOptions { GradientTolerance = 1e-15 }).Run(
                model.Random(1),
                progress =>
                {
                    if (progress.LbfgsIterations >= lbfgs && progress.NewtonIterations >= newton)
                        source.Cancel();
                },
                source.Token);
            Assert.Equal(MinimizationStatus.Interrupted, outcome.Status);
            Assert.True(outcome.Loss < atStart);
        }
    }

    [Fact]
    public void A_start_that_overflows_has_diverged()
    {
        double[] start = [.. _ridge.Initial.Select(static value => 1e200 * value)];
        Assert.Equal(MinimizationStatus.Diverged, new SecondOrderMinimizer(_ridge.Objective, _ridge.WeightDecay, new SecondOrderOptions()).Run(start).Status);
    }

    [Fact]
    public void What_does_not_fit_together_is_refused()
    {
        Network other = Network.Mlp(new MlpOptions { Widths = [4, 3], Biases = false });
        SecondOrderMinimizer Create(SecondOrderOptions options) => new(_ridge.Objective, _ridge.WeightDecay, options);
        Assert.Throws<ArgumentException>(() => new SecondOrderMinimizer(_ridge.Objective, WeightDecay.OnWeights(other, 0.1), new SecondOrderOptions()));
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(new SecondOrderOptions { GradientTolerance = 0.0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(new SecondOrderOptions { LbfgsTolerance = double.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(new SecondOrderOptions { LbfgsIterations = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(new SecondOrderOptions { NewtonIterations = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Create(new SecondOrderOptions { MaxProducts = -1 }));
        Assert.Throws<ArgumentException>(() => Create(new SecondOrderOptions()).Run([1.0]));
    }

    // ‖W‖_F² = r s² for r equal singular values; the balance of the factors carries it to every layer.
    private static void AssertWeights(LinearUfm model, double[] parameters, int rank)
    {
        foreach (ParameterBlock block in model.Network.Blocks.Skip(1))
        {
            double square = parameters.AsSpan(block.Offset, block.Length).ToArray().Sum(static w => w * w);
            Assert.Equal(rank * model.Root * model.Root, square, 1e-10);
        }
    }
}
