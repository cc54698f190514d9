using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Tensors;
using Eigenscope.Testing.Operators;
using static Eigenscope.Learning.Tests.Derivatives.DenseComparison;

namespace Eigenscope.Learning.Tests.Derivatives;

/// <summary>The derivatives of a network whose features are parameters, against a reference that shares no code with it.</summary>
public sealed class UfmDerivativeTests
{
    // A product sums at most a few hundred terms of each matrix entry; rounding is a modest multiple of eps in each precision.
    private const double DoubleTolerance = 1e-12;
    private const double SingleTolerance = 2e-5;
    private static readonly Dictionary<string, UfmProblem> Problems = new(StringComparer.Ordinal)
    {
        ["linear"] = new UfmProblem(Activation.Linear, "mse", rectified: false, lastBias: false),
        ["linear, bias"] = new UfmProblem(Activation.Linear, "cross-entropy", rectified: false, lastBias: true),
        ["rectified features"] = new UfmProblem(Activation.Linear, "mse", rectified: true, lastBias: true),
        ["ReLU"] = new UfmProblem(Activation.Relu, "mse", rectified: false, lastBias: false),
        ["ReLU, rectified features"] = new UfmProblem(Activation.Relu, "cross-entropy", rectified: true, lastBias: false),
        ["ReLU, bias"] = new UfmProblem(Activation.Relu, "mse", rectified: true, lastBias: true),
        ["tanh"] = new UfmProblem(Activation.Tanh, "cross-entropy", rectified: false, lastBias: true),
    };

    // Ragged slices, a slice larger than the part, and one to three parts.
    private static readonly (int Threads, int Slice)[] Slicings = [(1, 100), (1, 12), (2, 512), (2, 9), (3, 7), (3, 16)];

    public static TheoryData<string> Names() => [.. Problems.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_and_gradient_equal_the_reference_for_every_slicing(string name)
    {
        UfmProblem problem = Problems[name];
        (double expectedLoss, double[] expected) = problem.ReferenceGradient();
        foreach ((int threads, int slice) in Slicings)
        {
            Objective objective = problem.Objective(threads, new ObjectiveOptions { SliceRows = slice });
            double[] gradient = new double[expected.Length];
            LossValue value = objective.Gradient(problem.Parameters, gradient);
            Assert.Equal(expectedLoss, value.Loss, 1e-13 * expectedLoss);
            Assert.True(RelativeDistance(expected, gradient) < DoubleTolerance);
            using Linearization linearization = objective.Linearize(problem.Parameters);
            Assert.True(RelativeDistance(expected, linearization.Gradient.ToArray()) < DoubleTolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Hessian_and_Gauss_Newton_equal_the_dense_reference(string name)
    {
        UfmProblem problem = Problems[name];
        Assert.True(Distance(problem.ReferenceHessian, problem.ReferenceGaussNewton) > 0.05 * Norm(problem.ReferenceHessian), "the case is too easy: the Hessian is nearly its Gauss–Newton part");
        foreach ((int threads, int slice) in Slicings)
        {
            Linearization linearization = problem.Objective(threads, new ObjectiveOptions { SliceRows = slice }).Linearize(problem.Parameters);
            Assert.True(RelativeDistance(Materialize(linearization.Hessian(), 5), problem.ReferenceHessian) < DoubleTolerance);
            Assert.True(RelativeDistance(Materialize(linearization.GaussNewton(), 8), problem.ReferenceGaussNewton) < DoubleTolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_parameter_block_is_the_reference_block(string name)
    {
        UfmProblem problem = Problems[name];
        // Block products come from cached factors, go up and down where those do not fit, or recompute everything.
        ObjectiveOptions[] variants = [new() { SliceRows = 10 }, new() { SliceRows = 12, JacobianBudget = 1 }, new() { SliceRows = 9, ActivationBudget = 0 }];
        foreach (ObjectiveOptions options in variants)
        {
            Linearization linearization = problem.Objective(2, options).Linearize(problem.Parameters);
            foreach (ParameterBlock block in problem.Network.Blocks)
            {
                double[,] hessian = Block(problem.ReferenceHessian, block.Offset, block.Length);
                double[,] gaussNewton = Block(problem.ReferenceGaussNewton, block.Offset, block.Length);
                Assert.True(Distance(Materialize(linearization.Hessian(block.Name), 4), hessian) < DoubleTolerance * Norm(problem.ReferenceHessian), block.Name);
                Assert.True(Distance(Materialize(linearization.GaussNewton(block.Name), 4), gaussNewton) < DoubleTolerance * Norm(problem.ReferenceGaussNewton), block.Name);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Single_precision_agrees_to_its_rounding(string name)
    {
        UfmProblem problem = Problems[name];
        (_, double[] expected) = problem.ReferenceGradient();
        Objective objective = problem.Objective(2, new ObjectiveOptions { SliceRows = 11, Precision = Precision.Float32 });
        double[] gradient = new double[expected.Length];
        objective.Gradient(problem.Parameters, gradient);
        Assert.True(RelativeDistance(expected, gradient) < SingleTolerance);
        Linearization linearization = objective.Linearize(problem.Parameters);
        Assert.True(RelativeDistance(Materialize(linearization.Hessian(), 8), problem.ReferenceHessian) < SingleTolerance);
        Assert.True(RelativeDistance(Materialize(linearization.GaussNewton(), 8), problem.ReferenceGaussNewton) < SingleTolerance);
        Assert.True(RelativeDistance(Materialize(linearization.Jacobian(), 8), problem.ReferenceJacobian) < SingleTolerance);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Jacobian_and_its_adjoint_equal_the_dense_reference(string name)
    {
        UfmProblem problem = Problems[name];
        double[,] jacobian = problem.ReferenceJacobian;
        Linearization linearization = problem.Objective(3, new ObjectiveOptions { SliceRows = 8 }).Linearize(problem.Parameters);
        AssertJacobian(linearization.Jacobian(), jacobian, 0);
        foreach (ParameterBlock block in problem.Network.Blocks)
            AssertJacobian(linearization.Jacobian(block.Name), jacobian, block.Offset);
    }

    [Fact]
    public void A_batch_sees_the_rows_of_its_samples()
    {
        UfmProblem problem = Problems["ReLU, rectified features"];
        // 0 and 47 share row 0.
        int[] batch = [47, 3, 0, 31, 8];
        double[] weights = [.. batch.Select(i => problem.Weights[i] * UfmProblem.Samples / batch.Length)];
        (double expectedLoss, double[] expected) = problem.Reference.Evaluate(problem.Parameters, [.. batch.Select(i => new[] { problem.Inputs[i, 0] })], [.. batch.Select(i => problem.Labels[i])], weights);
        double[] gradient = new double[expected.Length];
        LossValue value = problem.Objective(2).BatchGradient(problem.Parameters, batch, gradient);
        Assert.Equal(expectedLoss, value.Loss, 1e-13 * expectedLoss);
        Assert.True(RelativeDistance(expected, gradient) < DoubleTolerance);
    }

    [Fact]
    public void The_first_weight_layer_sees_the_rows_and_the_table_gathers_the_errors_of_its_samples()
    {
        UfmProblem problem = Problems["rectified features"];
        Linearization linearization = problem.Objective(2, new ObjectiveOptions { SliceRows = 10 }).Linearize(problem.Parameters);
        Tensor<double> features = linearization.LayerInput(0);
        double[,] jacobian = problem.ReferenceJacobian;
        Tensor<double> errors = linearization.OutputCotangents(2);
        Tensor<double> logits = linearization.Logits();
        for (int n = 0; n < UfmProblem.Samples; n++)
        {
            for (int j = 0; j < UfmProblem.Widths[0]; j++)
                Assert.Equal(Math.Max(0.0, problem.Parameters[((int)problem.Inputs[n, 0] * UfmProblem.Widths[0]) + j]), features[n, j]);
            for (int k = 0; k < 3; k++)
                Assert.Equal(problem.Weights[n] * (logits[n, k] - (k == problem.Labels[n] ? 1 : 0)), errors[n, k], 1e-15);
        }
        // A logit's gradient in the table is supported on the sample's own row.
        linearization.VisitOutputJacobians(0, (first, slice) => Assert.Equal(UfmProblem.Widths[1], slice.Columns));
        for (int j = 0; j < UfmProblem.Rows * UfmProblem.Widths[0]; j++)
            Assert.True(jacobian[0, j] == 0.0 || j / UfmProblem.Widths[0] == (int)problem.Inputs[0, 0]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Same_threads_give_the_same_bits(int threads)
    {
        UfmProblem problem = Problems["tanh"];
        double[] first = new double[problem.Parameters.Length];
        double[] again = new double[problem.Parameters.Length];
        Objective objective = problem.Objective(threads, new ObjectiveOptions { SliceRows = 5 });
        objective.Gradient(problem.Parameters, first);
        for (int repeat = 0; repeat < 20; repeat++)
        {
            objective.Gradient(problem.Parameters, again);
            Assert.Equal(first, again);
        }
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(-1.0)]
    [InlineData(4.0)]
    [InlineData(double.NaN)]
    public void An_input_that_is_no_row_is_refused_before_anything_is_computed(double index)
    {
        Network network = Network.UnconstrainedFeatures(new UfmNetworkOptions { Samples = 4, Widths = [3, 2] });
        Compute compute = new(BlasBackends.Load(BlasChoice.Auto).Backend, 1);
        string message = Assert.Throws<ArgumentException>(() => Objective.Create(network, new Tensor<double>([0.0, index], 2, 1), [0, 1], new CrossEntropy(), compute, new ObjectiveOptions())).Message;
        Assert.Contains("sample 1", message, StringComparison.Ordinal);
        Assert.Contains("0 … 3", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Activation.Linear)]
    [InlineData(Activation.Relu)]
    public void A_perceptron_with_a_last_bias_alone_equals_the_reference(Activation activation)
    {
        UfmProblem features = Problems["linear"];
        int[] widths = UfmProblem.Widths;
        Network network = Network.Mlp(new MlpOptions { Widths = widths, Activation = activation, Biases = false, LastBias = true });
        double[] parameters = [.. features.Parameters.AsSpan(0, network.ParameterCount)];
        double[][] x = [.. Enumerable.Range(0, UfmProblem.Rows).Select(i => features.Parameters.AsSpan(i * widths[0], widths[0]).ToArray())];
        int[] labels = [.. Enumerable.Range(0, UfmProblem.Rows).Select(static i => i % 3)];
        double[] weights = [.. Enumerable.Repeat(1.0 / UfmProblem.Rows, UfmProblem.Rows)];
        ReferenceMlp reference = new(widths, biases: false, activation, crossEntropy: true, offTarget: 0.0, lastBias: true);
        Compute compute = new(BlasBackends.Load(BlasChoice.Auto).Backend, 2);
        Tensor<double> inputs = new([.. x.SelectMany(static row => row)], UfmProblem.Rows, widths[0]);
        Linearization linearization = Objective.Create(network, inputs, labels, new CrossEntropy(), compute, new ObjectiveOptions()).Linearize(parameters);
        Assert.True(RelativeDistance(reference.Evaluate(parameters, x, labels, weights).Gradient, linearization.Gradient.ToArray()) < DoubleTolerance);
        Assert.True(RelativeDistance(Materialize(linearization.Hessian(), 4), reference.Hessian(parameters, x, labels, weights)) < DoubleTolerance);
    }

    public static TheoryData<string, string> Operators()
    {
        TheoryData<string, string> data = [];
        foreach (string scope in new[] { "all", "H1", "2.weight", "3.bias" })
        {
            data.Add("tanh", scope);
            data.Add("ReLU, bias", scope);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Operators))]
    public void Operators_keep_the_laws(string name, string scope)
    {
        UfmProblem problem = Problems[name];
        BlasBackend blas = BlasBackends.Load(BlasChoice.Auto).Backend;
        ParameterBlock? named = problem.Network.Blocks.SingleOrDefault(block => string.Equals(block.Name, scope, StringComparison.Ordinal));
        (int offset, int length) = named is null ? (0, problem.Network.ParameterCount) : (named.Offset, named.Length);
        OperatorCase Case(string kind, Func<Linearization, LinearOperator> select, double[,] dense) =>
            new($"{kind} of {name} in {scope}", compute => select(problem.Objective(compute, new ObjectiveOptions { SliceRows = 10 }).Linearize(problem.Parameters)), dense);
        OperatorConformance.Check(Case("Hessian", point => point.Hessian(scope), Block(problem.ReferenceHessian, offset, length)), blas);
        OperatorConformance.Check(Case("Gauss–Newton", point => point.GaussNewton(scope), Block(problem.ReferenceGaussNewton, offset, length)), blas);
        OperatorConformance.Check(Case("Jacobian", point => point.Jacobian(scope), Columns(problem.ReferenceJacobian, offset, length)), blas);
    }

    private static void AssertJacobian(LinearOperator op, double[,] jacobian, int offset)
    {
        double tolerance = DoubleTolerance * Norm(jacobian);
        Assert.True(Distance(Materialize(op, 8), Columns(jacobian, offset, op.Columns)) < tolerance);
        double[] u = [.. Enumerable.Range(0, op.Rows).Select(static i => Math.Sin(i))];
        double[] measured = new double[op.Columns];
        op.ApplyAdjoint(new(u, 1, u.Length), new(measured, 1, measured.Length));
        for (int j = 0; j < op.Columns; j++)
            Assert.Equal(Enumerable.Range(0, op.Rows).Sum(i => jacobian[i, offset + j] * u[i]), measured[j], tolerance);
    }

    private static double[,] Columns(double[,] matrix, int offset, int length)
    {
        double[,] columns = new double[matrix.GetLength(0), length];
        for (int i = 0; i < columns.GetLength(0); i++)
        {
            for (int j = 0; j < length; j++)
                columns[i, j] = matrix[i, offset + j];
        }
        return columns;
    }

    private static double RelativeDistance(double[] expected, double[] actual) =>
        Math.Sqrt(expected.Zip(actual, static (a, b) => (a - b) * (a - b)).Sum() / expected.Sum(static value => value * value));

    private static double RelativeDistance(double[,] measured, double[,] reference) => DenseComparison.RelativeDistance(measured, reference);
}
