using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Tests.Training;
using Eigenscope.Numerics.Operators;
using static Eigenscope.Learning.Tests.Derivatives.DenseComparison;

namespace Eigenscope.Learning.Tests.Derivatives;

/// <summary>Derivatives with stored statistics: the textbook gradient by the complex step, and its differences in the parameters for the Hessian.</summary>
public sealed class BatchNormDerivativeTests
{
    private const int Samples = 4;

    // The reference is slow on purpose: every fifth column of the Hessian, some in every block.
    private const int Stride = 5;

    // Central differences of fourth order: h⁴ times a fifth derivative, and the gradient's rounding over h.
    private const double Step = 1e-3;
    private const double HessianTolerance = 1e-10;
    private const double GradientTolerance = 1e-13;
    private const double SingleTolerance = 1e-4;
    private static readonly NormalizedProblem Problem = new(Samples, smooth: true);
    private static readonly Lazy<double[,]> Differences = new(ReferenceHessian);

    [Fact]
    public void The_gradient_uses_the_stored_statistics()
    {
        double[] expected = Problem.MeasuredGradient(Problem.State);
        double norm = RidgeProblem.Distance(expected, new double[expected.Length]);
        foreach (Precision precision in Enum.GetValues<Precision>())
        {
            double[] gradient = new double[expected.Length];
            Problem.Objective(2, precision).Gradient(Problem.State, gradient);
            Assert.True(RidgeProblem.Distance(gradient, expected) < (precision == Precision.Float64 ? GradientTolerance : SingleTolerance) * norm);
        }
    }

    [Theory]
    [InlineData(Precision.Float64, HessianTolerance)]
    [InlineData(Precision.Float32, SingleTolerance)]
    public void The_Hessian_has_the_curvature_that_is_bilinear_in_scale_and_input(Precision precision, double tolerance)
    {
        double[,] expected = Differences.Value;
        using Linearization linearization = Problem.Objective(1, precision).Linearize(Problem.State);
        double[,] hessian = EveryFifthColumn(linearization.Hessian(), 0);
        Assert.True(Distance(hessian, EveryFifthColumn(linearization.GaussNewton(), 0)) > 0.05 * Norm(hessian), "the case is too easy: the Hessian is nearly its Gauss–Newton part");
        Assert.True(RelativeDistance(hessian, expected) < tolerance, $"{RelativeDistance(hessian, expected)}");
        foreach (ParameterBlock block in Problem.Network.Blocks)
            Assert.True(Distance(EveryFifthColumn(linearization.Hessian(block.Name), block.Offset), Block(expected, block.Offset, block.Length)) < tolerance * Norm(expected), block.Name);
    }

    private static double[,] EveryFifthColumn(LinearOperator op, int offset)
    {
        double[,] matrix = Materialize(op, 5);
        for (int j = 0; j < op.Columns; j++)
        {
            for (int i = 0; i < op.Rows; i++)
                matrix[i, j] *= (offset + j) % Stride == 0 ? 1.0 : 0.0;
        }
        return matrix;
    }

    private static double[,] ReferenceHessian()
    {
        int p = Problem.Network.ParameterCount;
        double[,] hessian = new double[p, p];
        double[] state = [.. Problem.State];
        for (int j = 0; j < p; j += Stride)
        {
            foreach ((double shift, double weight) in new[] { (1.0, 8.0), (-1.0, -8.0), (2.0, -1.0), (-2.0, 1.0) })
            {
                state[j] = Problem.State[j] + (shift * Step);
                double[] gradient = Problem.MeasuredGradient(state);
                for (int i = 0; i < p; i++)
                    hessian[i, j] += weight * gradient[i] / (12.0 * Step);
            }
            state[j] = Problem.State[j];
        }
        return hessian;
    }
}
