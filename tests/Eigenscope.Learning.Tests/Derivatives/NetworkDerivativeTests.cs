using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Operators;
using static Eigenscope.Learning.Tests.Derivatives.DenseComparison;

namespace Eigenscope.Learning.Tests.Derivatives;

/// <summary>
/// Every layer in a network, every derivative against dense matrices from a reference that shares no code with it. A layer or a model joins by a line in <see cref="Descriptions"/>.
/// </summary>
public sealed class NetworkDerivativeTests
{
    private const double DoubleTolerance = 1e-12;
    private const double SingleTolerance = 2e-5;

    // Unless the Hessian is away from its Gauss–Newton part, a wrong curvature would go unnoticed.
    private const double LeastCurvature = 0.05;
    private const int Samples = 9;
    private static readonly ImageShape Image = new(2, 5, 6);
    private static readonly ImageShape Features = new(6, 1, 1);

    private static readonly (string Name, ImageShape Input, string Loss, Action<INetworkDescription> Describe)[] Descriptions =
    [
        ("convolutions with stride, padding and groups", Image, "cross-entropy", static n => n.Dense(n.Flatten(Relu(n, n.Convolution(Tanh(n, n.Convolution(n.Input, 4, 3, padding: 1)), 4, 3, stride: 2, padding: 1, groups: 2))), 3)),
        ("tanh convolutions without biases", Image, "mse", static n => n.Dense(n.GlobalAveragePool(Tanh(n, n.Convolution(Tanh(n, n.Convolution(n.Input, 3, 2, bias: false)), 4, 3, bias: false))), 3, bias: false)),
        ("GELU convolution", Image, "cross-entropy", static n => n.Dense(n.GlobalAveragePool(Gelu(n, n.Convolution(Gelu(n, n.Convolution(n.Input, 3, 3)), 4, 2))), 3)),
        ("batch norm of images and features", Image, "cross-entropy", static n => n.Dense(n.BatchNorm(Tanh(n, n.Dense(n.Flatten(Relu(n, n.BatchNorm(n.Convolution(n.Input, 3, 3, stride: 2, bias: false)))), 5))), 3)),
        ("batch norm with an ε of its own", Image, "cross-entropy", static n => n.Dense(n.GlobalAveragePool(Tanh(n, n.BatchNorm(n.Convolution(n.Input, 3, 3, bias: false), 0.4))), 3)),
        ("max pool, windows apart", Image, "cross-entropy", static n => n.Dense(n.Flatten(n.MaxPool(Tanh(n, n.Convolution(n.Input, 4, 2)), 2, 2)), 3)),
        ("max pool, windows that overlap and reach over the edge", Image, "mse", static n => n.Dense(n.Flatten(Relu(n, n.Convolution(n.MaxPool(Relu(n, n.Convolution(n.Input, 3, 3, padding: 1)), 3, 2, 1), 3, 2))), 3)),
        ("average pool", Image, "cross-entropy", static n => n.Dense(n.Flatten(Tanh(n, n.Convolution(n.AveragePool(Tanh(n, n.Convolution(n.Input, 3, 2)), 2, 1), 3, 3, stride: 2))), 3)),
        ("average pools over the edge, counting padding and not", Image, "mse", static n => n.Dense(n.Flatten(n.AveragePool(Tanh(n, n.Convolution(n.AveragePool(Tanh(n, n.Convolution(n.Input, 3, 2)), 3, 2, 1), 3, 1)), 2, 2, 1, countsPadding: false)), 3)),
        ("residual with identity shortcut", Image, "cross-entropy", static n => n.Dense(n.GlobalAveragePool(BasicBlock(n, Relu(n, n.Convolution(n.Input, 3, 3, padding: 1)), 3, 1)), 3)),
        ("residual with projection shortcut", Image, "cross-entropy", static n => n.Dense(n.GlobalAveragePool(BasicBlock(n, Relu(n, n.Convolution(n.Input, 3, 3, padding: 1)), 4, 2)), 3)),
        ("tanh residual blocks on the input itself", Image, "mse", static n => n.Dense(n.GlobalAveragePool(SmoothBlock(n, SmoothBlock(n, n.Input, 2), 2)), 3)),
        ("layer norm of features", Features, "cross-entropy", static n => n.Dense(n.LayerNorm(n.Dense(Tanh(n, n.LayerNorm(n.Dense(n.Input, 7))), 5)), 3)),
        ("layer norm of images", Image, "mse", static n => n.Dense(n.Flatten(Relu(n, n.LayerNorm(n.Convolution(Relu(n, n.LayerNorm(n.Convolution(n.Input, 5, 3))), 3, 2)))), 3)),
        ("layer norm as first and last layer", Features, "cross-entropy", static n => n.LayerNorm(n.Dense(Gelu(n, n.Dense(n.LayerNorm(n.Input), 8)), 4))),
        ("layer norm in a residual branch", Image, "cross-entropy", static n => n.Dense(n.GlobalAveragePool(NormedBlock(n, Relu(n, n.Convolution(n.Input, 4, 2)))), 3)),
        .. BranchedNetworks.All,
    ];

    private static readonly Dictionary<string, Lazy<NetworkProblem>> Problems = Descriptions.ToDictionary(
        static entry => entry.Name, static entry => new Lazy<NetworkProblem>(() => new NetworkProblem(entry.Name, entry.Input, entry.Describe, entry.Loss, Samples)), StringComparer.Ordinal);

    public static TheoryData<string> Names() => [.. Descriptions.Select(static entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Parameters_lie_as_the_reference_expects(string name)
    {
        NetworkProblem problem = Problems[name].Value;
        Assert.Equal((problem.Reference.ParameterCount, problem.Reference.StateLength), (problem.Network.ParameterCount, problem.Network.StateLength));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Loss_logits_and_gradient_equal_the_reference(string name)
    {
        NetworkProblem problem = Problems[name].Value;
        (double loss, double[] gradient) = problem.ReferenceGradient();
        double[] logits = [.. problem.ReferenceLogits().SelectMany(static row => row)];
        foreach ((Precision precision, double tolerance) in new[] { (Precision.Float64, DoubleTolerance), (Precision.Float32, SingleTolerance) })
        {
            Linearization linearization = problem.Linearize(2, new ObjectiveOptions { SliceRows = 5, Precision = precision });
            Assert.Equal(loss, linearization.Value.Loss, tolerance * Math.Abs(loss));
            Assert.InRange(Error(linearization.Logits().Span, logits), 0.0, tolerance);
            Assert.InRange(Error(linearization.Gradient.Span, gradient), 0.0, tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Hessian_and_Gauss_Newton_equal_the_dense_reference(string name)
    {
        NetworkProblem problem = Problems[name].Value;
        Assert.True(Distance(problem.ReferenceHessian, problem.ReferenceGaussNewton) > LeastCurvature * Norm(problem.ReferenceHessian), "the case is too easy: the Hessian is nearly its Gauss–Newton part");
        foreach ((int threads, int slice, int block) in new[] { (1, 100, 1), (1, 5, 3), (2, 4, 8), (3, 2, 64) })
        {
            Linearization linearization = problem.Linearize(threads, new ObjectiveOptions { SliceRows = slice });
            AssertClose(linearization.Hessian(), problem.ReferenceHessian, block, DoubleTolerance);
            AssertClose(linearization.GaussNewton(), problem.ReferenceGaussNewton, block, DoubleTolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Single_precision_agrees_to_its_rounding(string name)
    {
        NetworkProblem problem = Problems[name].Value;
        foreach ((int threads, int slice, int block) in new[] { (1, 100, 8), (2, 4, 3) })
        {
            Linearization linearization = problem.Linearize(threads, new ObjectiveOptions { SliceRows = slice, Precision = Precision.Float32 });
            AssertClose(linearization.Hessian(), problem.ReferenceHessian, block, SingleTolerance);
            AssertClose(linearization.GaussNewton(), problem.ReferenceGaussNewton, block, SingleTolerance);
            AssertClose(linearization.Jacobian(), problem.ReferenceJacobian, block, SingleTolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_parameter_block_is_the_reference_block(string name)
    {
        NetworkProblem problem = Problems[name].Value;
        // With a Jacobian budget of one byte the cached factors do not fit: the same block goes up and down. Without an activation budget everything is recomputed.
        foreach (ObjectiveOptions options in new[] { new ObjectiveOptions { SliceRows = 100 }, new ObjectiveOptions { SliceRows = 4, JacobianBudget = 1L }, new ObjectiveOptions { SliceRows = 4, ActivationBudget = 0 } })
        {
            Linearization linearization = problem.Linearize(2, options);
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
    public void Jacobian_its_adjoint_and_the_tangent_kernel_equal_the_reference(string name)
    {
        NetworkProblem problem = Problems[name].Value;
        Linearization linearization = problem.Linearize(2, new ObjectiveOptions { SliceRows = 4 });
        LinearOperator jacobian = linearization.Jacobian();
        AssertClose(jacobian, problem.ReferenceJacobian, 8, DoubleTolerance);
        AssertClose(linearization.NeuralTangentKernel(), problem.ReferenceTangentKernel(), 5, DoubleTolerance);
        double[,] adjoint = new double[jacobian.Rows, jacobian.Columns];
        for (int row = 0; row < jacobian.Rows; row++)
        {
            double[] unit = new double[jacobian.Rows];
            double[] pulled = new double[jacobian.Columns];
            unit[row] = 1.0;
            jacobian.ApplyAdjoint(new(unit, 1, unit.Length), new(pulled, 1, pulled.Length));
            for (int j = 0; j < pulled.Length; j++)
                adjoint[row, j] = pulled[j];
        }
        Assert.InRange(RelativeDistance(adjoint, problem.ReferenceJacobian), 0.0, DoubleTolerance);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Fisher_matrices_and_gradient_covariance_equal_the_reference(string name)
    {
        NetworkProblem problem = Problems[name].Value;
        double[,] empirical = problem.ReferenceEmpiricalFisher();
        double[,] covariance = problem.ReferenceGradientCovariance();
        Assert.True(Distance(empirical, problem.ReferenceGaussNewton) > LeastCurvature * Norm(empirical), "the case is too easy: the two Fisher matrices are nearly the same");
        foreach ((Precision precision, double tolerance) in new[] { (Precision.Float64, DoubleTolerance), (Precision.Float32, SingleTolerance) })
        {
            Linearization linearization = problem.Linearize(2, new ObjectiveOptions { SliceRows = 4, Precision = precision });
            AssertClose(linearization.Fisher(), problem.ReferenceGaussNewton, 8, tolerance);
            AssertClose(linearization.EmpiricalFisher(), empirical, 8, tolerance);
            AssertClose(linearization.GradientCovariance(centred: true), covariance, 8, tolerance);
            AssertClose(linearization.GradientCovariance(centred: false), empirical, 8, tolerance);
        }
    }

    // The reference's own back-propagation is written by hand: its gradient is checked against the complex step on its loss.
    [Theory]
    [MemberData(nameof(Names))]
    public void The_gradient_of_the_reference_is_the_derivative_of_its_loss(string name)
    {
        NetworkProblem problem = Problems[name].Value;
        Assert.InRange(Error(problem.ReferenceLossDerivatives(), problem.ReferenceGradient().Gradient), 0.0, DoubleTolerance);
    }

    private static void AssertClose(LinearOperator op, double[,] reference, int block, double tolerance) =>
        Assert.InRange(RelativeDistance(Materialize(op, block), reference), 0.0, tolerance);

    private static double Error(ReadOnlySpan<double> measured, double[] expected)
    {
        Assert.Equal(expected.Length, measured.Length);
        double squares = 0.0;
        for (int i = 0; i < expected.Length; i++)
            squares += (measured[i] - expected[i]) * (measured[i] - expected[i]);
        return Math.Sqrt(squares / expected.Sum(static value => value * value));
    }

    private static int Relu(INetworkDescription n, int source) => n.Activation(source, Activation.Relu);

    private static int Tanh(INetworkDescription n, int source) => n.Activation(source, Activation.Tanh);

    private static int Gelu(INetworkDescription n, int source) => n.Activation(source, Activation.Gelu);

    // The basic block of CIFAR-style residual networks.
    private static int BasicBlock(INetworkDescription n, int source, int channels, int stride)
    {
        int branch = Relu(n, n.BatchNorm(n.Convolution(source, channels, 3, stride, 1, bias: false)));
        branch = n.BatchNorm(n.Convolution(branch, channels, 3, 1, 1, bias: false));
        int shortcut = stride == 1 ? source : n.BatchNorm(n.Convolution(source, channels, 1, stride, bias: false));
        return Relu(n, n.Sum(shortcut, branch));
    }

    private static int SmoothBlock(INetworkDescription n, int source, int channels) =>
        Tanh(n, n.Sum(source, n.Convolution(Tanh(n, n.Convolution(source, channels, 3, padding: 1)), channels, 3, padding: 1)));

    private static int NormedBlock(INetworkDescription n, int source) =>
        n.Sum(source, n.Convolution(Tanh(n, n.LayerNorm(source)), 4, 3, padding: 1));
}
