using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Tests.Derivatives;

/// <summary>The squared error to real targets: its value by its definition, its gradient and Hessian by central differences of that value and of the gradient.</summary>
public sealed class RealTargetTests
{
    private const int Count = 40;
    private const double Step = 1e-5;

    // Central differences err by the third derivative times Step², and by rounding over Step: both about 1e-10 here.
    private const double DifferenceError = 2e-9;
    private static readonly Network Net = Network.Mlp(new MlpOptions { Widths = [3, 5, 2], Activation = Activation.Tanh });
    private static readonly Tensor<double> Inputs = Draw("inputs", 3);
    private static readonly Tensor<double> Targets = Draw("targets", 2);
    private static readonly double[] Parameters = Net.Initialize(new InitializationOptions(), new RandomStream(3));

    [Theory]
    [InlineData(Precision.Float64, 1e-14)]
    [InlineData(Precision.Float32, 1e-6)]
    public void The_loss_is_half_the_mean_squared_distance(Precision precision, double tolerance)
    {
        Objective objective = Create(precision);
        Tensor<double> outputs = objective.Logits(Parameters);
        double expected = Enumerable.Range(0, Count).Sum(i => Enumerable.Range(0, 2).Sum(k => Math.Pow(outputs[i, k] - Targets[i, k], 2))) / (2.0 * Count);
        LossValue value = objective.Evaluate(Parameters);
        Assert.Equal(expected, value.Loss, tolerance);
        Assert.Equal(0.0, value.Accuracy);
    }

    [Fact]
    public void Gradient_and_Hessian_are_those_of_central_differences()
    {
        Objective objective = Create(Precision.Float64);
        double[] gradient = new double[Net.ParameterCount], up = new double[Net.ParameterCount], down = new double[Net.ParameterCount], column = new double[Net.ParameterCount];
        objective.Gradient(Parameters, gradient);
        using Linearization linearization = objective.Linearize(Parameters);
        LinearOperator hessian = linearization.Hessian("all");
        for (int p = 0; p < Parameters.Length; p++)
        {
            double high = objective.Gradient(Moved(p, Step), up).Loss, low = objective.Gradient(Moved(p, -Step), down).Loss;
            Assert.Equal((high - low) / (2.0 * Step), gradient[p], DifferenceError);
            double[] unit = new double[Parameters.Length];
            unit[p] = 1.0;
            hessian.Apply(unit, column);
            Assert.All(up.Zip(down).Zip(column), entry => Assert.Equal((entry.First.First - entry.First.Second) / (2.0 * Step), entry.Second, DifferenceError));
        }
    }

    [Fact]
    public void Samples_keep_their_targets_in_a_subset()
    {
        int[] some = [7, 2, 30];
        Objective objective = Create(Precision.Float64);
        Tensor<double> outputs = objective.Logits(Parameters);
        double expected = some.Sum(i => Enumerable.Range(0, 2).Sum(k => Math.Pow(outputs[i, k] - Targets[i, k], 2))) / (2.0 * some.Length);
        Assert.Equal(expected, objective.Subset(some).Evaluate(Parameters).Loss, 1e-14);
    }

    [Fact]
    public void Targets_that_do_not_fit_are_refused()
    {
        Assert.Contains("sample 1", Assert.Throws<ArgumentException>(() => new TargetSquaredError(new Tensor<double>([0.0, 1.0, 2.0, double.NaN], 2, 2))).Message, StringComparison.Ordinal);
        TargetSquaredError wide = new(new Tensor<double>(Count, 3));
        Assert.Contains("3 outputs", Assert.Throws<ArgumentException>(() => Objective.Create(Net, Inputs, Rows(), wide, Compute(), new ObjectiveOptions())).Message, StringComparison.Ordinal);
        TargetSquaredError few = new(new Tensor<double>(Count - 1, 2));
        Assert.Throws<ArgumentException>(() => Objective.Create(Net, Inputs, Rows(), few, Compute(), new ObjectiveOptions()));
    }

    private static Objective Create(Precision precision) => Objective.Create(Net, Inputs, Rows(), new TargetSquaredError(Targets), Compute(), new ObjectiveOptions { Precision = precision });

    private static int[] Rows() => [.. Enumerable.Range(0, Count)];

    private static Compute Compute() => new(BlasBackends.Load(BlasChoice.Auto).Backend, 2);

    private static double[] Moved(int p, double step)
    {
        double[] moved = [.. Parameters];
        moved[p] += step;
        return moved;
    }

    private static Tensor<double> Draw(string name, int columns)
    {
        Tensor<double> drawn = new(Count, columns);
        new RandomStream(11).Split(name).FillNormal(drawn.Span, 1.0);
        return drawn;
    }
}
