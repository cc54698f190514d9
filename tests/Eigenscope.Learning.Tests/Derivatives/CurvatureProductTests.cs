using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Operators;
using static Eigenscope.Learning.Tests.Derivatives.DenseComparison;

namespace Eigenscope.Learning.Tests.Derivatives;

/// <summary>Products against dense matrices from a reference that shares no code with them.</summary>
public sealed class CurvatureProductTests
{
    // A product sums at most a few thousand terms of each matrix entry; rounding is a modest multiple of eps in each precision.
    private const double DoubleTolerance = 1e-12;
    private const double SingleTolerance = 2e-5;
    private static readonly int[] Widths = [5, 7, 6, 6, 4];

    public static TheoryData<Activation, string, bool> Problems()
    {
        TheoryData<Activation, string, bool> data = [];
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            foreach (string loss in new[] { "mse", "mse-pm1", "cross-entropy" })
            {
                data.Add(activation, loss, true);
                data.Add(activation, loss, false);
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Problems))]
    public void Hessian_and_Gauss_Newton_equal_the_dense_reference(Activation activation, string loss, bool biases)
    {
        DerivativeProblem problem = new(Widths, activation, loss, biases);
        double[,] hessian = problem.ReferenceHessian();
        double[,] gaussNewton = problem.ReferenceGaussNewton();
        Assert.True(Distance(hessian, gaussNewton) > 0.05 * Norm(hessian), "the case is too easy: the Hessian is nearly its Gauss–Newton part");
        foreach ((int threads, int slice, int block) in new[] { (1, 100, 1), (1, 255, 3), (1, 1000, 8), (2, 512, 8), (3, 32, 5) })
        {
            ObjectiveOptions options = new() { SliceRows = slice };
            Linearization linearization = problem.Objective(threads, options).Linearize(problem.Parameters);
            Assert.True(RelativeDistance(Materialize(linearization.Hessian(), block), hessian) < DoubleTolerance);
            Assert.True(RelativeDistance(Materialize(linearization.GaussNewton(), block), gaussNewton) < DoubleTolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Problems))]
    public void Single_precision_agrees_to_its_rounding(Activation activation, string loss, bool biases)
    {
        DerivativeProblem problem = new(Widths, activation, loss, biases);
        double[,] hessian = problem.ReferenceHessian();
        double[,] gaussNewton = problem.ReferenceGaussNewton();
        foreach ((int threads, int slice) in new[] { (1, 100), (1, 255), (2, 512) })
        {
            ObjectiveOptions options = new() { SliceRows = slice, Precision = Precision.Float32 };
            Linearization linearization = problem.Objective(threads, options).Linearize(problem.Parameters);
            Assert.True(RelativeDistance(Materialize(linearization.Hessian(), 8), hessian) < SingleTolerance);
            Assert.True(RelativeDistance(Materialize(linearization.GaussNewton(), 8), gaussNewton) < SingleTolerance);
            foreach (ParameterBlock block in problem.Network.Blocks)
            {
                double[,] expected = Block(hessian, block.Offset, block.Length);
                Assert.True(Distance(Materialize(linearization.Hessian(block.Name), 4), expected) < SingleTolerance * Norm(hessian), block.Name);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Problems))]
    public void Every_parameter_block_is_the_reference_block(Activation activation, string loss, bool biases)
    {
        DerivativeProblem problem = new(Widths, activation, loss, biases);
        double[,] hessian = problem.ReferenceHessian();
        double[,] gaussNewton = problem.ReferenceGaussNewton();
        // With a Jacobian budget of one byte the cached factors do not fit: the same block goes up and down.
        foreach ((long budget, int slice) in new[] { (1L << 30, 100), (1L << 30, 127), (1L, 100) })
        {
            ObjectiveOptions options = new() { SliceRows = slice, JacobianBudget = budget };
            Linearization linearization = problem.Objective(2, options).Linearize(problem.Parameters);
            foreach (ParameterBlock block in problem.Network.Blocks)
            {
                double[,] expected = Block(hessian, block.Offset, block.Length);
                double[,] expectedGaussNewton = Block(gaussNewton, block.Offset, block.Length);
                Assert.True(Distance(Materialize(linearization.Hessian(block.Name), 4), expected) < DoubleTolerance * Norm(hessian), block.Name);
                Assert.True(Distance(Materialize(linearization.GaussNewton(block.Name), 4), expectedGaussNewton) < DoubleTolerance * Norm(gaussNewton), block.Name);
            }
        }
    }

    [Fact]
    public void With_tanh_above_the_block_is_not_its_Gauss_Newton_part()
    {
        DerivativeProblem problem = new(Widths, Activation.Tanh, "cross-entropy");
        ParameterBlock first = problem.Network.Blocks[0];
        double[,] hessian = Block(problem.ReferenceHessian(), first.Offset, first.Length);
        double[,] gaussNewton = Block(problem.ReferenceGaussNewton(), first.Offset, first.Length);
        Assert.True(Distance(hessian, gaussNewton) > 0.05 * Norm(hessian));
        Linearization linearization = problem.Objective().Linearize(problem.Parameters);
        Assert.True(RelativeDistance(Materialize(linearization.Hessian("1.weight"), 1), hessian) < DoubleTolerance);
    }

    [Theory]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.Gelu)]
    public void Nothing_changes_when_activations_are_recomputed(Activation activation)
    {
        DerivativeProblem problem = new(Widths, activation, "cross-entropy");
        ObjectiveOptions options = new() { SliceRows = 100, ActivationBudget = 0 };
        Linearization linearization = problem.Objective(2, options).Linearize(problem.Parameters);
        Assert.Equal(0, linearization.ActivationBytes);
        Assert.True(RelativeDistance(Materialize(linearization.Hessian(), 8), problem.ReferenceHessian()) < DoubleTolerance);
        Assert.True(RelativeDistance(Materialize(linearization.Jacobian(), 8), problem.ReferenceJacobian()) < DoubleTolerance);
    }

    [Fact]
    public void Sample_weights_weigh_samples_and_batches_add_up()
    {
        double[] weights = [.. Enumerable.Range(0, DerivativeProblem.Samples).Select(static i => i % 5 == 0 ? 0.0 : 0.001 * (i % 11))];
        DerivativeProblem problem = new(Widths, Activation.Tanh, "cross-entropy", weights: weights);
        Linearization linearization = problem.Objective(2, new ObjectiveOptions { SliceRows = 100 }).Linearize(problem.Parameters);
        Assert.True(RelativeDistance(Materialize(linearization.Hessian(), 8), problem.ReferenceHessian()) < DoubleTolerance);
        Assert.True(RelativeDistance(Materialize(linearization.GaussNewton(), 8), problem.ReferenceGaussNewton()) < DoubleTolerance);
    }

    [Theory]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Gelu)]
    [InlineData(Activation.Linear)]
    public void Jacobian_and_its_adjoint_equal_the_dense_reference(Activation activation)
    {
        DerivativeProblem problem = new(Widths, activation, "mse", samples: 70);
        double[,] jacobian = problem.ReferenceJacobian();
        Linearization linearization = problem.Objective(2, new ObjectiveOptions { SliceRows = 32 }).Linearize(problem.Parameters);
        LinearOperator op = linearization.Jacobian();
        Assert.True(RelativeDistance(Materialize(op, 8), jacobian) < DoubleTolerance);
        double[] u = [.. Enumerable.Range(0, op.Rows).Select(static i => Math.Sin(i))];
        double[] measured = new double[op.Columns];
        op.ApplyAdjoint(new(u, 1, u.Length), new(measured, 1, measured.Length));
        for (int j = 0; j < op.Columns; j++)
        {
            double expected = Enumerable.Range(0, op.Rows).Sum(i => jacobian[i, j] * u[i]);
            Assert.Equal(expected, measured[j], 1e-12 * Norm(jacobian));
        }
    }
}
