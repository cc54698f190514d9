using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;
using static Eigenscope.Learning.Tests.Derivatives.DenseComparison;

namespace Eigenscope.Learning.Tests.Derivatives;

/// <summary>Blocks of networks whose results are read twice and joined: only what moves is walked, and only what can be reached counts as above.</summary>
public sealed class ResidualOperatorTests
{
    private const int Samples = 40;
    private const double DoubleTolerance = 1e-12;
    private const double SingleTolerance = 2e-5;

    // tanh where said, ReLU elsewhere: after a layer that the shortcut goes around, after the first join, after the second.
    private static readonly Dictionary<string, Problem> Problems = new()
    {
        ["ReLU"] = new([false, false, false]),
        ["tanh in the branch"] = new([true, false, false]),
        ["tanh after the first join"] = new([false, true, false]),
        ["tanh"] = new([true, true, true]),
    };

    public static TheoryData<string, string> Cases()
    {
        TheoryData<string, string> data = [];
        foreach (string problem in Problems.Keys)
        {
            foreach (string scope in new[] { "all", "a", "b", "c", "s", "d", "b.weight", "s.bias", "?.weight", "b.*" })
                data.Add(problem, scope);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Blocks_equal_the_dense_reference(string name, string scope)
    {
        Problem problem = Problems[name];
        foreach ((int slice, long activations, long jacobians, Precision precision) in new[]
        {
            (100, 1L << 30, 1L << 30, Precision.Float64), (7, 1L << 30, 1L, Precision.Float64), (9, 0L, 1L << 30, Precision.Float64), (11, 1L << 30, 1L << 30, Precision.Float32),
        })
        {
            double tolerance = precision == Precision.Float64 ? DoubleTolerance : SingleTolerance;
            ObjectiveOptions options = new() { SliceRows = slice, ActivationBudget = activations, JacobianBudget = jacobians, Precision = precision, SampleWeights = problem.Weights };
            using Linearization point = problem.Objective(options).Linearize(problem.Parameters);
            int[] indices = [.. ParameterScope.Resolve(point.Objective.Network, scope).Blocks.SelectMany(static block => Enumerable.Range(block.Offset, block.Length))];
            Assert.True(Distance(Materialize(point.Hessian(scope), 5), Select(problem.Hessian, indices, indices)) < tolerance * Norm(problem.Hessian));
            Assert.True(Distance(Materialize(point.GaussNewton(scope), 5), Select(problem.GaussNewton, indices, indices)) < tolerance * Norm(problem.GaussNewton));
            double[,] jacobian = Select(problem.Jacobian, [.. Enumerable.Range(0, problem.Jacobian.GetLength(0))], indices);
            double bound = tolerance * Norm(problem.Jacobian);
            Assert.True(Distance(Materialize(point.Jacobian(scope), 5), jacobian) < bound);
            point.VisitJacobians(scope, (first, rows) =>
            {
                for (int i = 0; i < rows.Rows; i++)
                {
                    for (int j = 0; j < rows.Columns; j++)
                        Assert.Equal(jacobian[(first * 3) + i, j], rows[i, j], bound);
                }
            });
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_gradient_equals_the_reference(string name)
    {
        Problem problem = Problems[name];
        using Linearization point = problem.Objective(new ObjectiveOptions { SliceRows = 9, SampleWeights = problem.Weights }).Linearize(problem.Parameters);
        for (int i = 0; i < problem.Gradient.Length; i++)
            Assert.Equal(problem.Gradient[i], point.Gradient.Span[i], 1e-14);
    }

    [Fact]
    public void A_smooth_layer_that_a_block_does_not_reach_leaves_its_Hessian_the_Gauss_Newton_part()
    {
        // The shortcut S joins above both tanh layers, A and B do not.
        Problem problem = Problems["tanh after the first join"];
        Assert.True(Difference("s") < 1e-13);
        Assert.True(Difference("c") < 1e-13);
        Assert.True(Difference("b") > 0.01);
        Assert.True(Difference("a") > 0.01);

        double Difference(string layer)
        {
            int[] indices = [.. ParameterScope.Resolve(problem.Reference.Network, layer).Blocks.SelectMany(static block => Enumerable.Range(block.Offset, block.Length))];
            double[,] hessian = Select(problem.Hessian, indices, indices);
            return Distance(hessian, Select(problem.GaussNewton, indices, indices)) / Norm(hessian);
        }
    }

    public static TheoryData<string> Names() => [.. Problems.Keys];

    private sealed class Problem
    {
        public Problem(bool[] smooth)
        {
            Reference = new ReferenceResidual(smooth);
            RandomStream random = new(7);
            Inputs = new Tensor<double>(Samples, 4);
            random.Split("inputs").FillNormal(Inputs.Span);
            Parameters = new double[Reference.Network.ParameterCount];
            random.Split("parameters").FillNormal(Parameters, 0.6);
            // Exact in single precision, so that both precisions solve the same problem.
            foreach (ref double value in Inputs.Span)
                value = (float)value;
            foreach (ref double value in Parameters.AsSpan())
                value = (float)value;
            Labels = [.. Enumerable.Range(0, Samples).Select(static i => i * 7 % 3)];
            Weights = [.. Enumerable.Range(0, Samples).Select(static i => 0.005 * (i % 6))];
            double[][] rows = [.. Enumerable.Range(0, Samples).Select(i => Inputs.Row(i).ToArray())];
            Hessian = Reference.Hessian(Parameters, rows, Labels, Weights);
            GaussNewton = Reference.GaussNewton(Parameters, rows, Weights);
            Jacobian = Reference.Jacobian(Parameters, rows);
            Gradient = Reference.Gradient(Parameters, rows, Labels, Weights);
        }

        public ReferenceResidual Reference { get; }

        public Tensor<double> Inputs { get; }

        public double[] Parameters { get; }

        public int[] Labels { get; }

        public double[] Weights { get; }

        public double[,] Hessian { get; }

        public double[,] GaussNewton { get; }

        public double[,] Jacobian { get; }

        public double[] Gradient { get; }

        public Objective Objective(ObjectiveOptions options) =>
            Learning.Derivatives.Objective.Create(Reference.Network, Inputs, Labels, new CrossEntropy(), new Compute(BlasBackends.Load(BlasChoice.Auto).Backend, 2), options);
    }
}
