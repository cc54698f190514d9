using Eigenscope.Formats;
using Eigenscope.Learning.Kernels;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;
using Eigenscope.Testing.Files;

namespace Eigenscope.Learning.Tests.Kernels;

public sealed class KernelMachineTests
{
    private const double Ridge = 1e-3;

    public static TheoryData<string> Kernels() => ["laplace", "gaussian", "power", "polynomial"];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Coefficients_solve_the_system_written_out(string name)
    {
        // 300 points: more than one block of rows and one block column of the factorisation.
        const int n = 300, d = 5;
        Tensor<double> points = Random(1, n, d), targets = Random(2, n, 2);
        double[] weights = [0.5, 2.0, 1.0, 0.0, 3.0];
        KernelMachine machine = KernelMachine.Fit(points, targets, KernelOf(name), Metric.Diagonal(weights), new RidgeOptions { Ridge = Ridge }, TestCompute.Several, new RandomStream(0));
        for (int i = 0; i < n; i++)
        {
            for (int c = 0; c < 2; c++)
            {
                double sum = Ridge * machine.Coefficients[i, c], scale = Math.Abs(sum);
                for (int j = 0; j < n; j++)
                {
                    double term = Value(name, points.Row(i), points.Row(j), weights) * machine.Coefficients[j, c];
                    (sum, scale) = (sum + term, scale + Math.Abs(term));
                }
                Assert.InRange(Math.Abs(targets[i, c] - sum), 0.0, 1e-13 * n * scale);
            }
        }
        Assert.Equal(RidgeMethod.Cholesky, machine.Solution.Method);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Predictions_are_the_sum_written_out(string name)
    {
        const int n = 20, d = 3;
        Tensor<double> points = Random(3, n, d), at = Random(4, 270, d);
        double[] weights = [1.0, 1.0, 1.0];
        KernelMachine machine = KernelMachine.Fit(points, Random(5, n, 2), KernelOf(name), Metric.Identity(d), new RidgeOptions { Ridge = 0.1 }, TestCompute.Several, new RandomStream(0));
        Tensor<double> predicted = machine.Predict(at.AsMatrix());
        for (int i = 0; i < at.Rows; i++)
        {
            double expected = Enumerable.Range(0, n).Sum(j => Value(name, at.Row(i), points.Row(j), weights) * machine.Coefficients[j, 1]);
            Assert.Equal(expected, predicted[i, 1], 1e-10 * (1 + Math.Abs(expected)));
        }
    }

    [Fact]
    public void Distances_of_near_points_far_from_the_origin_keep_their_digits()
    {
        // Two clusters around ±1e4 whose points differ by 1e-6: ‖x‖² + ‖z‖² − 2 x·z knows nothing of such distances (rounding of 1e8 is 1e-8, the squared distance 1e-12).
        const double offset = 1e4, difference = 1e-6;
        Tensor<double> points = new([offset, offset + difference, -offset], 3, 1);
        Tensor<double> coefficients = new([0.0, 1.0, 0.0], 3, 1);
        KernelMachine machine = Restore(points, coefficients, new LaplaceKernel(difference));
        Tensor<double> values = machine.Predict(points.AsMatrix());
        double exact = (offset + difference) - offset;
        Assert.Equal(Math.Exp(-exact / difference), values[0, 0], 1e-6);
        Assert.Equal(1.0, values[1, 0]);
        Assert.True(machine.Distances.Recomputed >= 3, machine.Distances.ToString());
        Assert.Equal(9, machine.Distances.Pairs);
    }

    [Fact]
    public void Distances_agree_with_differences_within_the_bound_told()
    {
        const int n = 120, d = 40;
        Tensor<double> points = Random(6, n, d);
        for (int i = n / 2; i < n; i++)
        {
            for (int j = 0; j < d; j++)
                points[i, j] = points[i - (n / 2), j] + (points[i, j] * Math.Pow(10.0, -(i % 7)));
        }
        KernelMachine machine = Restore(points, Metric.Identity(n).ToMatrix(), new GaussianKernel(1.0));
        Tensor<double> values = machine.Predict(points.AsMatrix());
        for (int i = 0; i < n; i++)
        {
            Assert.Equal(1.0, values[i, i]);
            for (int j = 0; j < n; j++)
            {
                double squared = Enumerable.Range(0, d).Sum(k => Math.Pow(points[i, k] - points[j, k], 2));
                double bound = (machine.Distances.RelativeError * squared / 2) + 1e-15;
                Assert.InRange(Math.Abs(values[i, j] - Math.Exp(-squared / 2)) / Math.Exp(-squared / 2), 0.0, bound + (1e-14 * (1 + squared)));
            }
        }
    }

    // Too little for anything but blocks of two rows; part of the matrix kept; all of it kept beside many landmarks.
    [Theory]
    [InlineData(400_000)]
    [InlineData(1_800_000)]
    [InlineData(3_900_000)]
    public void Conjugate_gradients_in_little_memory_agree_with_the_factorisation(long bytes)
    {
        const int n = 700;
        Tensor<double> points = Random(7, n, 6), targets = Random(8, n, 3);
        RidgeOptions plenty = new() { Ridge = Ridge }, little = plenty with { MemoryBytes = bytes };
        KernelMachine direct = KernelMachine.Fit(points, targets, new LaplaceKernel(2.0), Metric.Identity(6), plenty, TestCompute.Several, new RandomStream(0));
        KernelMachine iterated = KernelMachine.Fit(points, targets, new LaplaceKernel(2.0), Metric.Identity(6), little, TestCompute.Several, new RandomStream(0));
        Assert.Equal(RidgeMethod.ConjugateGradients, iterated.Solution.Method);
        Assert.True(iterated.Solution.Convergence.IsConverged, iterated.Solution.Convergence.Message);
        double scale = direct.Coefficients.Span.ToArray().Max(Math.Abs);
        for (int i = 0; i < direct.Coefficients.Length; i++)
            Assert.InRange(Math.Abs(direct.Coefficients.Span[i] - iterated.Coefficients.Span[i]) / scale, 0.0, 1e-9);
    }

    [Fact]
    public void Memory_is_shared_among_blocks_matrix_and_landmarks()
    {
        const int n = 10_000, threads = 2;
        foreach (long bytes in new[] { 1L << 20, 50L << 20, 200L << 20, 400L << 20, 700L << 20 })
        {
            RidgeBudget budget = RidgeBudget.Of(n, new RidgeOptions { MemoryBytes = bytes }, threads);
            long blocks = 16L * n * threads * budget.BlockRows, factor = 8L * ((n * (long)budget.Landmarks) + (2L * budget.Landmarks * budget.Landmarks));
            Assert.InRange(blocks + (4 * budget.KeptEntries) + factor, 1, bytes);
            Assert.InRange(budget.Landmarks, 1, n / 4);
        }
        // All of the lower triangle in single precision is 200 MB and a little.
        Assert.Equal((long)n * (n + 256) / 2, RidgeBudget.Of(n, new RidgeOptions { MemoryBytes = 700L << 20 }, threads).KeptEntries);
        Assert.Equal(7, RidgeBudget.Of(n, new RidgeOptions { MemoryBytes = 50L << 20, Landmarks = 7 }, threads).Landmarks);
        Assert.Contains("320000 bytes", Assert.Throws<ArgumentException>(() => RidgeBudget.Of(n, new RidgeOptions { MemoryBytes = 300_000 }, threads)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1e-30)]
    [InlineData(1e+36)]
    public void The_scale_of_the_targets_is_that_of_the_coefficients(double scale)
    {
        // By a factor that is no power of two; single precision holds neither 1e-46 nor 1e39.
        Tensor<double> points = Random(22, 400, 4), targets = Random(23, 400, 2), scaled = targets.Clone();
        System.Numerics.Tensors.TensorPrimitives.Multiply(targets.Span, scale, scaled.Span);
        RidgeOptions little = new() { Ridge = Ridge, MemoryBytes = 700_000 };
        double[] plain = Coefficients(targets), large = Coefficients(scaled);
        double largest = plain.Max(Math.Abs);
        for (int i = 0; i < plain.Length; i++)
            Assert.InRange(Math.Abs((large[i] / scale) - plain[i]) / largest, 0.0, 1e-9);

        double[] Coefficients(Tensor<double> y)
        {
            RidgeSolution solution = KernelMachine.Fit(points, y, new LaplaceKernel(2.0), Metric.Identity(4), little, TestCompute.Single, new RandomStream(0)).Solution;
            Assert.True(solution.Convergence.IsConverged, solution.Convergence.Message);
            return [.. solution.Coefficients.Span];
        }
    }

    [Fact]
    public void A_machine_that_did_not_converge_says_so_after_a_journey_to_disk()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "machine.npz");
        RidgeOptions hasty = new() { MemoryBytes = 400_000, MaxIterations = 2 };
        RidgeSolution solution = KernelMachine.Fit(Random(24, 600, 3), Random(25, 600, 1), new LaplaceKernel(2.0), Metric.Identity(3), hasty, TestCompute.Single, new RandomStream(0)).Solution;
        Assert.Equal(ConvergenceStatus.BudgetExhausted, solution.Convergence.Status);
        KernelMachine machine = KernelMachine.Restore(Random(24, 600, 3), new LaplaceKernel(2.0), Metric.Identity(3), solution, 1e-3, TestCompute.Single);
        KernelMachineFile.Save(path, machine, "");
        RidgeSolution read = KernelMachineFile.Load(path, TestCompute.Single).Machine.Solution;
        Assert.Equal(solution with { Coefficients = read.Coefficients }, read);
    }

    [Fact]
    public void Landmarks_that_span_a_smooth_kernel_leave_few_iterations()
    {
        Tensor<double> points = Random(9, 600, 2), targets = Random(10, 600, 1);
        RidgeOptions little = new() { Ridge = Ridge, MemoryBytes = 1_000_000, Tolerance = 1e-8 };
        Assert.InRange(Iterations(points, targets, little with { Landmarks = 150 }), 1, 12);
        Assert.True(Iterations(points, targets, little with { Landmarks = 1 }) > 50);
    }

    [Fact]
    public void Duplicates_at_ridge_zero_are_named_and_nothing_is_added()
    {
        Tensor<double> points = Random(11, 10, 3);
        points.Row(2).CopyTo(points.Row(7));
        LinearAlgebraException failure = Assert.Throws<LinearAlgebraException>(() => Fit(points, Random(12, 10, 1), ridge: 0.0));
        Assert.Contains("points 2 and 7 coincide", failure.Message, StringComparison.Ordinal);
        Assert.Contains("ridge 0", failure.Message, StringComparison.Ordinal);
        Assert.True(Fit(points, Random(12, 10, 1), ridge: 1e-6).Solution.Convergence.IsConverged);
    }

    [Fact]
    public void Zero_targets_give_the_zero_function_and_fewer_points_than_outputs_are_fitted()
    {
        KernelMachine zero = Fit(Random(13, 10, 3), new Tensor<double>(10, 2), Ridge);
        Assert.All(zero.Predict(Random(14, 4, 3).AsMatrix()).Span.ToArray(), value => Assert.Equal(0.0, value));
        Assert.All(zero.Agop().Mean().Span.ToArray(), value => Assert.Equal(0.0, value));
        Tensor<double> targets = Random(16, 2, 5);
        Tensor<double> fitted = Fit(Random(15, 2, 3), targets, ridge: 0.0).Predict(Random(15, 2, 3).AsMatrix());
        for (int i = 0; i < fitted.Length; i++)
            Assert.Equal(targets.Span[i], fitted.Span[i], 1e-12);
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        Tensor<double> points = Random(17, 4, 2), targets = Random(18, 4, 1), broken = points.Clone();
        broken[1, 0] = double.NaN;
        Assert.Equal("points", Assert.Throws<ArgumentException>(() => Fit(broken, targets, Ridge)).ParamName);
        Assert.Equal("targets", Assert.Throws<ArgumentException>(() => Fit(points, Random(18, 3, 1), Ridge)).ParamName);
        Assert.Equal("options", Assert.Throws<ArgumentException>(() => Fit(points, targets, -1.0)).ParamName);
        Assert.Equal("bandwidth", Assert.Throws<ArgumentOutOfRangeException>(() => new LaplaceKernel(0.0)).ParamName);
        Assert.Equal("bandwidth", Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianKernel(double.NaN)).ParamName);
        Assert.Equal("power", Assert.Throws<ArgumentOutOfRangeException>(() => new ExponentiatedPowerKernel(1.0, 2.5)).ParamName);
        Assert.Equal("entries", Assert.Throws<ArgumentException>(() => Metric.Diagonal([1.0, -1.0])).ParamName);
        Assert.Throws<OperationCanceledException>(() =>
            KernelMachine.Fit(points, targets, new LaplaceKernel(1.0), Metric.Identity(2), new RidgeOptions(), TestCompute.Single, new RandomStream(0), new CancellationToken(canceled: true)));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_machine_on_disk_predicts_the_same_bits(string name)
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "machine.npz");
        foreach (Metric metric in new[] { Metric.Identity(3), Metric.Diagonal([1.0, 2.0, 0.5]), Metric.Full(new Tensor<double>([2.0, 0.5, 0.0, 0.5, 1.0, 0.0, 0.0, 0.0, 3.0], 3, 3)) })
        {
            KernelMachine machine = KernelMachine.Fit(Random(19, 12, 3), Random(20, 12, 2), KernelOf(name), metric, new RidgeOptions(), TestCompute.Single, new RandomStream(0));
            KernelMachineFile.Save(path, machine, "a note");
            (KernelMachine read, string note) = KernelMachineFile.Load(path, TestCompute.Single);
            Assert.Equal("a note", note);
            Assert.Equal(machine.Kernel.Formula, read.Kernel.Formula);
            Assert.Equal(machine.Predict(Random(21, 5, 3).AsMatrix()).Span.ToArray(), read.Predict(Random(21, 5, 3).AsMatrix()).Span.ToArray());
        }
        NpzFile.Write(path, [new("format", NpyArray.Create([9L], 1))]);
        Assert.Contains("format 9", Assert.Throws<DataFormatException>(() => KernelMachineFile.Load(path, TestCompute.Single)).Message, StringComparison.Ordinal);
    }

    private static int Iterations(Tensor<double> points, Tensor<double> targets, RidgeOptions options)
    {
        RidgeSolution solution = KernelMachine.Fit(points, targets, new GaussianKernel(1.5), Metric.Identity(2), options, TestCompute.Single, new RandomStream(0)).Solution;
        Assert.True(solution.Convergence.IsConverged, solution.Convergence.Message);
        return solution.Iterations;
    }

    private static KernelMachine Fit(Tensor<double> points, Tensor<double> targets, double ridge) =>
        KernelMachine.Fit(points, targets, new LaplaceKernel(2.0), Metric.Identity(points.Columns), new RidgeOptions { Ridge = ridge }, TestCompute.Single, new RandomStream(0));

    private static KernelMachine Restore(Tensor<double> points, Tensor<double> coefficients, Kernel kernel)
    {
        Convergence verdict = new(ConvergenceStatus.Converged, 0, 0.0, 0.0, "given");
        return KernelMachine.Restore(points, kernel, Metric.Identity(points.Columns), new RidgeSolution(coefficients, RidgeMethod.Cholesky, 0, null, verdict), 0.0, TestCompute.Single);
    }

    private static Kernel KernelOf(string name) => name switch
    {
        "laplace" => new LaplaceKernel(1.5),
        "gaussian" => new GaussianKernel(1.5),
        "power" => new ExponentiatedPowerKernel(1.5, 1.2),
        _ => new PolynomialKernel(0.5, 1.0, 3),
    };

    // The kernels' formulas, coordinate by coordinate.
    private static double Value(string name, ReadOnlySpan<double> x, ReadOnlySpan<double> z, double[] weights)
    {
        double squared = 0.0, inner = 0.0;
        for (int j = 0; j < x.Length; j++)
        {
            squared += weights[j] * (x[j] - z[j]) * (x[j] - z[j]);
            inner += weights[j] * x[j] * z[j];
        }
        return name switch
        {
            "laplace" => Math.Exp(-Math.Sqrt(squared) / 1.5),
            "gaussian" => Math.Exp(-squared / (2 * 1.5 * 1.5)),
            "power" => Math.Exp(-Math.Pow(Math.Sqrt(squared) / 1.5, 1.2)),
            _ => 0.5 * Math.Pow(inner + 1.0, 3),
        };
    }

    private static Tensor<double> Random(ulong seed, int rows, int columns)
    {
        Tensor<double> random = new(rows, columns);
        new RandomStream(seed).FillNormal(random.Span);
        return random;
    }
}
