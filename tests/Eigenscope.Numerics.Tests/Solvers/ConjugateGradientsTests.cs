using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Tests.Solvers;

public sealed class ConjugateGradientsTests
{
    private const int Dimension = 200;

    [Fact]
    public void A_diagonal_system_is_its_quotients_and_takes_as_many_steps_as_it_has_eigenvalues()
    {
        // Three different eigenvalues: conjugate gradients end in three steps.
        double[] diagonal = [.. Enumerable.Range(0, Dimension).Select(i => 1.0 + (i % 3))];
        Tensor<double> b = Random(1, 4);
        LinearSolution solution = ConjugateGradients.Solve(new DiagonalOperator(diagonal), b.AsMatrix(), null, 1e-13, 100);
        Assert.True(solution.Convergence.IsConverged, solution.Convergence.Message);
        Assert.InRange(solution.Iterations, 1, 6);
        for (int i = 0; i < 4; i++)
        {
            for (int j = 0; j < Dimension; j++)
                Assert.Equal(b[i, j] / diagonal[j], solution.Values[i, j], 1e-12);
        }
    }

    [Fact]
    public void An_exact_preconditioner_ends_at_once()
    {
        double[] diagonal = [.. Enumerable.Range(0, Dimension).Select(i => Math.Pow(10.0, -6.0 * i / Dimension))];
        DiagonalOperator inverse = new([.. diagonal.Select(value => 1.0 / value)]);
        LinearSolution solution = ConjugateGradients.Solve(new DiagonalOperator(diagonal), Random(2, 2).AsMatrix(), inverse, 1e-12, 100);
        Assert.True(solution.Convergence.IsConverged);
        Assert.InRange(solution.Iterations, 1, 2);
    }

    [Fact]
    public void The_residual_is_the_true_one_and_a_budget_is_told()
    {
        double[] diagonal = [.. Enumerable.Range(0, Dimension).Select(i => Math.Pow(10.0, -8.0 * i / Dimension))];
        Tensor<double> b = Random(3, 1);
        LinearSolution solution = ConjugateGradients.Solve(new DiagonalOperator(diagonal), b.AsMatrix(), null, 1e-10, 5);
        Assert.Equal(ConvergenceStatus.BudgetExhausted, solution.Convergence.Status);
        Assert.Equal(5, solution.Iterations);
        double squares = 0.0, norm = 0.0;
        for (int j = 0; j < Dimension; j++)
        {
            squares += Math.Pow(b[0, j] - (diagonal[j] * solution.Values[0, j]), 2);
            norm += b[0, j] * b[0, j];
        }
        Assert.Equal(Math.Sqrt(squares / norm), solution.RelativeResidual, 1e-12);
    }

    [Fact]
    public void An_approximation_costs_restarts_and_no_accuracy()
    {
        double[] diagonal = [.. Enumerable.Range(0, Dimension).Select(i => Math.Pow(10.0, -3.0 * i / Dimension))];
        double[] near = [.. diagonal.Select(static (value, i) => value * (1.0 + (1e-3 * Math.Sin(i))))];
        Tensor<double> b = Random(4, 2);
        LinearSolution solution = ConjugateGradients.Solve(new DiagonalOperator(diagonal), b.AsMatrix(), null, 1e-12, 2000, new DiagonalOperator(near));
        Assert.True(solution.Convergence.IsConverged, solution.Convergence.Message);
        for (int j = 0; j < Dimension; j++)
            Assert.Equal(b[1, j] / diagonal[j], solution.Values[1, j], 1e-8);
        Assert.Equal("approximation", Assert.Throws<ArgumentException>(() => ConjugateGradients.Solve(new IdentityOperator(3), new Tensor<double>(1, 3).AsMatrix(), null, 1e-12, 9, new IdentityOperator(2))).ParamName);
    }

    [Fact]
    public void Zero_right_hand_sides_have_the_zero_solution()
    {
        LinearSolution solution = ConjugateGradients.Solve(new DiagonalOperator([1.0, 2.0]), new Tensor<double>(2, 2).AsMatrix(), null, 1e-12, 10);
        Assert.True(solution.Convergence.IsConverged);
        Assert.Equal(0, solution.Iterations);
        Assert.All(solution.Values.Span.ToArray(), value => Assert.Equal(0.0, value));
        Tensor<double> mixed = new([0.0, 0.0, 3.0, 4.0], 2, 2);
        Assert.Equal([0.0, 0.0, 3.0, 2.0], ConjugateGradients.Solve(new DiagonalOperator([1.0, 2.0]), mixed.AsMatrix(), null, 1e-14, 10).Values.Span.ToArray().Select(value => Math.Round(value, 12)));
    }

    [Fact]
    public void What_is_not_finite_or_interrupted_is_a_verdict_and_what_does_not_fit_an_error()
    {
        Tensor<double> b = new([1.0, 1.0], 1, 2);
        Assert.Equal(ConvergenceStatus.NonFinite, ConjugateGradients.Solve(new DiagonalOperator([double.PositiveInfinity, 1.0]), b.AsMatrix(), null, 1e-12, 10).Convergence.Status);
        // The first of two right-hand sides meets the infinity, the second does not.
        Tensor<double> two = new([1.0, 1.0, 0.0, 1.0], 2, 2);
        Assert.Equal(ConvergenceStatus.NonFinite, ConjugateGradients.Solve(new DiagonalOperator([double.NaN, 1.0]), two.AsMatrix(), null, 1e-12, 10).Convergence.Status);
        Assert.Equal(ConvergenceStatus.Interrupted, ConjugateGradients.Solve(new DiagonalOperator([2.0, 1.0]), b.AsMatrix(), null, 1e-12, 10, cancellation: new CancellationToken(canceled: true)).Convergence.Status);
        Assert.Equal("rhs", Assert.Throws<ArgumentException>(() => ConjugateGradients.Solve(new IdentityOperator(3), new Tensor<double>(1, 2).AsMatrix(), null, 1e-12, 10)).ParamName);
        Assert.Equal("preconditioner", Assert.Throws<ArgumentException>(() => ConjugateGradients.Solve(new IdentityOperator(2), b.AsMatrix(), new IdentityOperator(3), 1e-12, 10)).ParamName);
        Assert.Equal("tolerance", Assert.Throws<ArgumentOutOfRangeException>(() => ConjugateGradients.Solve(new IdentityOperator(2), b.AsMatrix(), null, 0.0, 10)).ParamName);
    }

    private static Tensor<double> Random(ulong seed, int rows)
    {
        Tensor<double> random = new(rows, Dimension);
        new RandomStream(seed).FillNormal(random.Span);
        return random;
    }
}
