using Eigenscope.Learning.Features;
using Eigenscope.Learning.Kernels;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Tests.Kernels;

/// <summary>The average gradient outer product of a kernel machine against three points worked by hand, and against differences of its predictions.</summary>
public sealed class KernelGradientTests
{
    // Central differences with step h = 1e-5 of functions of order 1: h² from the third derivative and eps/h from rounding.
    private const double DifferenceStep = 1e-5;
    private const double DifferenceTolerance = 1e-6;

    public static TheoryData<string, string> Cases()
    {
        TheoryData<string, string> cases = [];
        foreach (string kernel in new[] { "laplace", "gaussian", "power", "smooth power", "quadratic", "shifted quadratic", "cubic" })
        {
            foreach (string metric in new[] { "identity", "diagonal", "full" })
                cases.Add(kernel, metric);
        }
        return cases;
    }

    [Fact]
    public void Three_points_on_a_line_by_hand()
    {
        // Points 0, 1, 3; Laplace with L = 1; coefficients 1, 2, −1. f′(x) = Σ α_i e^(−|x−x_i|) sign(x_i − x), the self term dropped:
        // f′(0) = 2/e − 1/e³; f′(1) = −1/e − 1/e²; f′(3) = −1/e³ − 2/e².
        Tensor<double> points = new([0.0, 1.0, 3.0], 3, 1), coefficients = new([1.0, 2.0, -1.0], 3, 1);
        double e = Math.E;
        double[] slopes = [(2 / e) - (1 / (e * e * e)), -(1 / e) - (1 / (e * e)), -(1 / (e * e * e)) - (2 / (e * e))];
        double mean = slopes.Average();
        AgopAccumulator agop = Restore(points, coefficients, new LaplaceKernel(1.0), Metric.Identity(1)).Agop();
        Assert.Equal(slopes.Sum(slope => slope * slope) / 3, agop.Mean()[0, 0], 1e-14);
        Assert.Equal(slopes.Sum(slope => (slope - mean) * (slope - mean)) / 3, agop.Centred()[0, 0], 1e-14);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Agop_at_other_points_agrees_with_differences_of_predictions(string kernelName, string metricName)
    {
        const int d = 4;
        Kernel kernel = KernelOf(kernelName);
        // Of a quadratic kernel on more points than twice the coordinates, outputs are taken as quadratic forms.
        foreach (int n in new[] { 3, 9 })
            AssertDifferences(n, d, kernel, MetricOf(metricName, d));
    }

    private static void AssertDifferences(int n, int d, Kernel kernel, Metric metric)
    {
        const int outputs = 3;
        KernelMachine machine = Restore(Random(1, n, d), Random(2, n, outputs), kernel, metric);
        Tensor<double> at = Random(3, 7, d);
        AgopAccumulator expected = new(outputs, d, TestCompute.Single);
        expected.Add(Differences(machine, at).AsMatrix());
        AgopAccumulator actual = machine.Agop(at.AsMatrix());
        AssertClose(expected.Mean(), actual.Mean());
        AssertClose(expected.Centred(), actual.Centred());
        Assert.Equal(7, actual.Samples);
    }

    // ∇f_c(x) = Σ_i α_ic s_i M (x_i − x) of a radial kernel and Σ_i α_ic s_i M x_i of the quadratic one, at the training points themselves, with the slopes s from the kernels' derivatives and a point's own term left out where there is a kink.
    [Theory]
    [InlineData("laplace")]
    [InlineData("gaussian")]
    [InlineData("quadratic")]
    public void Agop_at_the_training_points_is_the_sum_written_out(string kernelName)
    {
        const int n = 8, d = 4, outputs = 2;
        Tensor<double> points = Random(7, n, d), coefficients = Random(8, n, outputs), matrix = MetricOf("full", d).ToMatrix(), rows = new(n * outputs, d);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double slope = Slope(kernelName, points.Row(i), points.Row(j), matrix);
                for (int a = 0; a < d; a++)
                {
                    double step = Enumerable.Range(0, d).Sum(b => matrix[a, b] * (points[j, b] - (kernelName is "quadratic" ? 0.0 : points[i, b])));
                    for (int c = 0; c < outputs; c++)
                        rows[(i * outputs) + c, a] += coefficients[j, c] * slope * step;
                }
            }
        }
        Tensor<double> expected = new(d, d);
        for (int a = 0; a < d; a++)
        {
            for (int b = 0; b < d; b++)
                expected[a, b] = Enumerable.Range(0, n * outputs).Sum(row => rows[row, a] * rows[row, b]) / n;
        }
        KernelMachine machine = Restore(points, coefficients, KernelOf(kernelName), Metric.Full(matrix));
        Tensor<double> columns = new(d, d), identity = Metric.Identity(d).ToMatrix();
        machine.AgopOperator().Apply(identity.AsMatrix(), columns.AsMatrix());
        AssertClose(expected, machine.Agop().Mean(), 1e-11);
        AssertClose(expected, columns, 1e-11);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_operator_is_the_matrix(string kernelName, string metricName)
    {
        const int d = 4;
        KernelMachine machine = Restore(Random(4, 11, d), Random(5, 11, 2), KernelOf(kernelName), MetricOf(metricName, d));
        AgopAccumulator agop = machine.Agop();
        foreach (Centring centring in new[] { Centring.None, Centring.SampleMean })
        {
            Tensor<double> columns = new(d, d), identity = Metric.Identity(d).ToMatrix();
            machine.AgopOperator(centring).Apply(identity.AsMatrix(), columns.AsMatrix());
            AssertClose(centring == Centring.None ? agop.Mean() : agop.Centred(), columns);
        }
    }

    private static Kernel KernelOf(string name) => name switch
    {
        "laplace" => new LaplaceKernel(1.5),
        "gaussian" => new GaussianKernel(1.5),
        "power" => new ExponentiatedPowerKernel(1.5, 0.7),
        "smooth power" => new ExponentiatedPowerKernel(1.5, 2.0),
        "quadratic" => PolynomialKernel.Quadratic,
        "shifted quadratic" => new PolynomialKernel(0.5, 1.5, 2),
        _ => new PolynomialKernel(0.5, 1.0, 3),
    };

    private static Metric MetricOf(string name, int d)
    {
        Tensor<double> factor = Random(6, d, d), matrix = new(d, d);
        TestCompute.Single.Multiply(1.0, factor.AsMatrix(), Numerics.Blas.MatrixOp.Transpose, factor.AsMatrix(), Numerics.Blas.MatrixOp.None, 0.0, matrix.AsMatrix());
        return name switch
        {
            "identity" => Metric.Identity(d),
            "diagonal" => Metric.Diagonal([.. Enumerable.Range(0, d).Select(i => 0.5 + i)]),
            _ => Metric.Full(matrix),
        };
    }

    private static KernelMachine Restore(Tensor<double> points, Tensor<double> coefficients, Kernel kernel, Metric metric)
    {
        Convergence verdict = new(ConvergenceStatus.Converged, 0, 0.0, 0.0, "given");
        return KernelMachine.Restore(points, kernel, metric, new RidgeSolution(coefficients, RidgeMethod.Cholesky, 0, null, verdict), 0.0, TestCompute.Single);
    }

    private static Tensor<double> Differences(KernelMachine machine, Tensor<double> at)
    {
        int outputs = machine.Coefficients.Columns;
        Tensor<double> jacobians = new(at.Rows * outputs, at.Columns);
        for (int j = 0; j < at.Columns; j++)
        {
            Tensor<double> right = at.Clone(), left = at.Clone();
            for (int i = 0; i < at.Rows; i++)
                (right[i, j], left[i, j]) = (at[i, j] + DifferenceStep, at[i, j] - DifferenceStep);
            Tensor<double> above = machine.Predict(right.AsMatrix()), below = machine.Predict(left.AsMatrix());
            for (int i = 0; i < at.Rows; i++)
            {
                for (int c = 0; c < outputs; c++)
                    jacobians[(i * outputs) + c, j] = (above[i, c] - below[i, c]) / (2 * DifferenceStep);
            }
        }
        return jacobians;
    }

    private static Tensor<double> Random(ulong seed, int rows, int columns)
    {
        Tensor<double> random = new(rows, columns);
        new RandomStream(seed).FillNormal(random.Span);
        return random;
    }

    private static double Slope(string kernel, ReadOnlySpan<double> x, ReadOnlySpan<double> z, Tensor<double> metric)
    {
        double squared = 0.0, inner = 0.0;
        for (int a = 0; a < x.Length; a++)
        {
            for (int b = 0; b < x.Length; b++)
            {
                squared += (x[a] - z[a]) * metric[a, b] * (x[b] - z[b]);
                inner += x[a] * metric[a, b] * z[b];
            }
        }
        double distance = Math.Sqrt(squared);
        return kernel switch
        {
            "laplace" => distance == 0.0 ? 0.0 : Math.Exp(-distance / 1.5) / (1.5 * distance),
            "gaussian" => Math.Exp(-squared / (2 * 1.5 * 1.5)) / (1.5 * 1.5),
            _ => 6.0 * inner,
        };
    }

    private static void AssertClose(Tensor<double> expected, Tensor<double> actual, double tolerance = DifferenceTolerance)
    {
        double scale = expected.Span.ToArray().Max(Math.Abs);
        for (int i = 0; i < expected.Span.Length; i++)
            Assert.InRange(Math.Abs(expected.Span[i] - actual.Span[i]) / scale, 0.0, tolerance);
    }
}
