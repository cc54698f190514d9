using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Testing.Operators;
using static Eigenscope.Learning.Tests.Derivatives.DenseComparison;

namespace Eigenscope.Learning.Tests.Derivatives;

/// <summary>Every operator in every kind of scope against dense matrices of the reference, with unequal weights, over slicings, block sizes, budgets and precisions.</summary>
public sealed class ScopedOperatorTests
{
    private const int Samples = 60;
    private const double DoubleTolerance = 1e-12;
    private const double SingleTolerance = 2e-5;
    private static readonly double[] Weights = [.. Enumerable.Range(0, Samples).Select(static i => i % 7 == 0 ? 0.0 : 0.004 * (1 + (i % 5)))];

    // A scope, and the parameters it stands for: blocks that are neighbours, and blocks that are not.
    private static readonly Dictionary<string, string[]> Scopes = new()
    {
        ["all"] = ["1.weight", "1.bias", "2.weight", "2.bias", "3.weight", "3.bias"],
        ["2.weight"] = ["2.weight"],
        ["1.bias"] = ["1.bias"],
        ["2"] = ["2.weight", "2.bias"],
        ["3"] = ["3.weight", "3.bias"],
        ["*.weight"] = ["1.weight", "2.weight", "3.weight"],
        ["?.b*"] = ["1.bias", "2.bias", "3.bias"],
        ["2.*"] = ["2.weight", "2.bias"],
    };

    private static readonly Dictionary<string, DerivativeProblem> Problems = new()
    {
        ["tanh, cross-entropy"] = Problem(Activation.Tanh, "cross-entropy"),
        ["ReLU, cross-entropy"] = Problem(Activation.Relu, "cross-entropy"),
        ["GELU, squares"] = Problem(Activation.Gelu, "mse-pm1"),
    };

    public static TheoryData<string, string> Cases()
    {
        TheoryData<string, string> data = [];
        foreach (string problem in Problems.Keys)
        {
            foreach (string scope in Scopes.Keys)
                data.Add(problem, scope);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Operators_equal_the_dense_reference(string name, string scope)
    {
        DerivativeProblem problem = Problems[name];
        foreach ((int threads, int slice, int block, long activations, long jacobians) in new[] { (1, 100, 1, 1L << 30, 1L << 30), (3, 7, 11, 1L << 30, 1L << 30), (2, 16, 3, 1L << 30, 1L), (2, 9, 20, 0L, 1L << 30) })
        {
            ObjectiveOptions options = new() { SliceRows = slice, ActivationBudget = activations, JacobianBudget = jacobians };
            using Linearization point = problem.Objective(threads, options).Linearize(problem.Parameters);
            AssertOperators(problem, point, scope, block, DoubleTolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Single_precision_agrees_to_its_rounding(string name, string scope)
    {
        DerivativeProblem problem = Problems[name];
        foreach ((int threads, int slice, long activations) in new[] { (1, 100, 1L << 30), (2, 16, 0L) })
        {
            ObjectiveOptions options = new() { SliceRows = slice, ActivationBudget = activations, Precision = Precision.Float32 };
            using Linearization point = problem.Objective(threads, options).Linearize(problem.Parameters);
            AssertOperators(problem, point, scope, 9, SingleTolerance);
        }
    }

    [Theory]
    [InlineData("2.weight")]
    [InlineData("*.weight")]
    public void Operators_keep_the_laws(string scope)
    {
        DerivativeProblem problem = Problems["tanh, cross-entropy"];
        int[] indices = Indices(problem, scope);
        int[] rows = [.. Enumerable.Range(0, Samples * 3)];
        double[,] jacobian = Select(problem.ReferenceJacobian(), rows, indices);
        Check("empirical Fisher", static (point, scope) => point.EmpiricalFisher(scope), Square(problem.ReferenceGradientMoment(centred: false), indices));
        Check("gradient covariance", static (point, scope) => point.GradientCovariance(scope), Square(problem.ReferenceGradientMoment(centred: true), indices));
        Check("tangent kernel", static (point, scope) => point.NeuralTangentKernel(scope), Gram(jacobian));
        Check("Hessian", static (point, scope) => point.Hessian(scope), Square(problem.ReferenceHessian(), indices));
        Check("Jacobian", static (point, scope) => point.Jacobian(scope), jacobian);

        void Check(string kind, Func<Linearization, string, LinearOperator> select, double[,] dense) => OperatorConformance.Check(
            new OperatorCase($"{kind} in {scope}", compute => select(Objective(problem, compute).Linearize(problem.Parameters), scope), dense), BlasBackends.Load(BlasChoice.Auto).Backend);
    }

    [Theory]
    [InlineData("4.weight")]
    [InlineData("2.Weight")]
    [InlineData("*.scale")]
    [InlineData("?.weigh")]
    public void A_scope_without_parameters_is_refused_with_the_names_there_are(string scope)
    {
        DerivativeProblem problem = Problems["tanh, cross-entropy"];
        string message = Assert.Throws<ArgumentException>(() => ParameterScope.Resolve(problem.Network, scope)).Message;
        Assert.Contains($"'{scope}'", message, StringComparison.Ordinal);
        Assert.Contains("1.weight, 1.bias, 2.weight", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scope_gathers_its_blocks_in_the_order_of_the_flat_vector()
    {
        DerivativeProblem problem = Problems["tanh, cross-entropy"];
        ParameterScope scope = ParameterScope.Resolve(problem.Network, "*.bias");
        double[] gathered = new double[scope.Length];
        scope.Gather(problem.Parameters, gathered);
        Assert.Equal(["1.bias", "2.bias", "3.bias"], scope.Blocks.Select(static block => block.Name));
        Assert.Equal([.. Indices(problem, "?.b*").Select(index => problem.Parameters[index])], gathered);
    }

    private static void AssertOperators(DerivativeProblem problem, Linearization point, string scope, int block, double tolerance)
    {
        int[] indices = Indices(problem, scope);
        foreach ((LinearOperator op, double[,] whole) in new[]
        {
            (point.Hessian(scope), problem.ReferenceHessian()),
            (point.GaussNewton(scope), problem.ReferenceGaussNewton()),
            (point.Fisher(scope), problem.ReferenceGaussNewton()),
            (point.EmpiricalFisher(scope), problem.ReferenceGradientMoment(centred: false)),
            (point.GradientCovariance(scope, centred: false), problem.ReferenceGradientMoment(centred: false)),
            (point.GradientCovariance(scope), problem.ReferenceGradientMoment(centred: true)),
        })
        {
            Assert.True(Distance(Materialize(op, block), Square(whole, indices)) < tolerance * Norm(whole));
        }
        double[,] jacobian = problem.ReferenceJacobian();
        int[] rows = [.. Enumerable.Range(0, jacobian.GetLength(0))];
        double[,] scoped = Select(jacobian, rows, indices);
        Assert.True(Distance(Materialize(point.Jacobian(scope), block), scoped) < tolerance * Norm(jacobian));
        Assert.True(Distance(Materialize(point.NeuralTangentKernel(scope), block), Gram(scoped)) < tolerance * Norm(jacobian) * Norm(jacobian));
        Assert.True(Distance(VisitedRows(point, scope, jacobian.GetLength(0), indices.Length), scoped) < tolerance * Norm(jacobian));
    }

    private static double[,] VisitedRows(Linearization point, string scope, int rows, int columns)
    {
        double[,] visited = new double[rows, columns];
        int next = 0;
        point.VisitJacobians(scope, (first, jacobians) =>
        {
            Assert.Equal(next, first * 3);
            Assert.Equal(columns, jacobians.Columns);
            for (int i = 0; i < jacobians.Rows; i++, next++)
            {
                for (int j = 0; j < columns; j++)
                    visited[next, j] = jacobians[i, j];
            }
        });
        Assert.Equal(rows, next);
        return visited;
    }

    private static int[] Indices(DerivativeProblem problem, string scope) =>
        [.. problem.Network.Blocks.Where(block => Scopes[scope].Contains(block.Name)).SelectMany(static block => Enumerable.Range(block.Offset, block.Length))];

    private static double[,] Square(double[,] matrix, int[] indices) => Select(matrix, indices, indices);

    private static double[,] Gram(double[,] a)
    {
        double[,] gram = new double[a.GetLength(0), a.GetLength(0)];
        for (int i = 0; i < a.GetLength(0); i++)
        {
            for (int j = 0; j < a.GetLength(0); j++)
            {
                for (int k = 0; k < a.GetLength(1); k++)
                    gram[i, j] += a[i, k] * a[j, k];
            }
        }
        return gram;
    }

    private static Objective Objective(DerivativeProblem problem, Compute compute) => Learning.Derivatives.Objective.Create(
        problem.Network, problem.Inputs, problem.Labels, problem.Loss, compute, new ObjectiveOptions { SliceRows = 16, SampleWeights = Weights });

    private static DerivativeProblem Problem(Activation activation, string loss) => new([4, 5, 4, 3], activation, loss, weights: Weights, samples: Samples);
}
