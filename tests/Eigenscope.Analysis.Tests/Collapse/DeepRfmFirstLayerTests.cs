using Eigenscope.Analysis.Collapse;
using Eigenscope.Analysis.Tests.Support;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Features;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Tests.Collapse;

/// <summary>
/// The first layer of Deep RFM (arXiv 2402.13728) on the digits: nothing in it is random, and every number here was computed with independent NumPy code and is known to six digits.
/// Laplace kernel exp(−‖x − z‖/2), ridge 10⁻³, ±1 targets, AGOP at the training points as a plain mean.
/// </summary>
public sealed class DeepRfmFirstLayerTests
{
    private const double Bandwidth = 2.0;
    private const double Ridge = 1e-3;
    private const double SixDigits = 1e-5;

    [Fact]
    public void Collapse_before_and_after_the_root_of_the_agop_is_that_of_independent_code()
    {
        Dataset digits = EmbeddedDigits.Load();
        Tensor<double> x = Standardized(digits.Inputs);
        AssertCollapse(1.67605, 0.0566414, x, digits);

        Tensor<double> agop = KernelAgop(x, digits);
        double[] expected = [5.21421, 4.19950, 3.83625, 3.50091, 3.18625, 2.28203];
        double[] actual = PositiveSemidefinite.Eigenvalues(agop.AsMatrix(), TestCompute.Instance);
        for (int i = 0; i < expected.Length; i++)
            Assert.InRange(actual[i], expected[i] * (1 - SixDigits), expected[i] * (1 + SixDigits));

        Tensor<double> root = PositiveSemidefinite.Power(agop.AsMatrix(), 0.5, TestCompute.Instance);
        Tensor<double> mapped = new(x.Rows, x.Columns);
        TestCompute.Instance.Multiply(1.0, x.AsMatrix(), MatrixOp.None, root.AsMatrix(), MatrixOp.None, 0.0, mapped.AsMatrix());
        AssertCollapse(0.565333, 0.0675696, mapped, digits);
    }

    private static void AssertCollapse(double nc1, double nc2, Tensor<double> features, Dataset digits)
    {
        CollapseMetrics metrics = CollapseMetrics.Measure(features.AsMatrix(), digits.Labels, digits.ClassCount, TestCompute.Instance);
        Assert.InRange(metrics.Nc1TraceRatio.Value!.Value, nc1 * (1 - SixDigits), nc1 * (1 + SixDigits));
        Assert.InRange(metrics.Nc2SimplexDistance.Value!.Value, nc2 * (1 - SixDigits), nc2 * (1 + SixDigits));
    }

    /// <summary>Per-pixel standardisation (unbiased deviation, constant pixels to 0), then rows to unit norm.</summary>
    private static Tensor<double> Standardized(Tensor<double> inputs)
    {
        Tensor<double> x = inputs.Clone();
        for (int j = 0; j < x.Columns; j++)
        {
            double mean = Enumerable.Range(0, x.Rows).Average(i => inputs[i, j]);
            double deviation = Math.Sqrt(Enumerable.Range(0, x.Rows).Sum(i => Math.Pow(inputs[i, j] - mean, 2)) / (x.Rows - 1));
            for (int i = 0; i < x.Rows; i++)
                x[i, j] = deviation > 0.0 ? (inputs[i, j] - mean) / deviation : 0.0;
        }
        for (int i = 0; i < x.Rows; i++)
        {
            double norm = Textbook.Norm(x.Row(i).ToArray());
            foreach (ref double value in x.Row(i))
                value /= norm;
        }
        return x;
    }

    /// <summary>AGOP of the kernel ridge regression at its training points, Jacobians added in slices.</summary>
    private static Tensor<double> KernelAgop(Tensor<double> x, Dataset digits)
    {
        int n = x.Rows, classes = digits.ClassCount;
        Tensor<double> kernel = new(n, n), slopes = new(n, n);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double distance = Math.Sqrt(SquaredDistance(x.Row(i), x.Row(j)));
                kernel[i, j] = kernel[j, i] = Math.Exp(-distance / Bandwidth);
                slopes[i, j] = slopes[j, i] = distance < 1e-10 ? 0.0 : kernel[i, j] / distance / Bandwidth;
            }
        }
        Tensor<double> alpha = Solve(kernel, digits);
        AgopAccumulator accumulator = new(classes, x.Columns, TestCompute.Instance);
        for (int start = 0; start < n; start += 100)
            accumulator.Add(Jacobians(x, slopes, alpha, start, Math.Min(100, n - start)).AsMatrix());
        Assert.Equal(n, accumulator.Samples);
        return accumulator.Mean();
    }

    /// <summary>Rows Σ_i α_ic slope(x, x_i) (x_i − x) for every x of the slice and every output c.</summary>
    private static Tensor<double> Jacobians(Tensor<double> x, Tensor<double> slopes, Tensor<double> alpha, int start, int count)
    {
        Tensor<double> weights = new(count * alpha.Columns, x.Rows), jacobians = new(count * alpha.Columns, x.Columns);
        for (int row = 0; row < weights.Rows; row++)
            for (int i = 0; i < x.Rows; i++)
                weights[row, i] = alpha[i, row % alpha.Columns] * slopes[start + (row / alpha.Columns), i];
        TestCompute.Instance.Multiply(1.0, weights.AsMatrix(), MatrixOp.None, x.AsMatrix(), MatrixOp.None, 0.0, jacobians.AsMatrix());
        for (int row = 0; row < weights.Rows; row++)
        {
            double total = weights.Row(row).ToArray().Sum();
            for (int j = 0; j < x.Columns; j++)
                jacobians[row, j] -= total * x[start + (row / alpha.Columns), j];
        }
        return jacobians;
    }

    /// <summary>(K + μI)⁻¹ Y with ±1 targets.</summary>
    private static Tensor<double> Solve(Tensor<double> kernel, Dataset digits)
    {
        int n = kernel.Rows;
        Tensor<double> factor = kernel.Clone(), y = new(n, digits.ClassCount);
        for (int i = 0; i < n; i++)
        {
            factor[i, i] += Ridge;
            y.Row(i).Fill(-1.0);
            y[i, digits.Labels[i]] = 1.0;
        }
        Assert.Equal(-1, TestCompute.Instance.Blas.Cholesky(factor.AsMatrix()));
        for (int i = 0; i < n; i++)
            Eliminate(factor, y, i, Enumerable.Range(0, i), transposed: false);
        for (int i = n - 1; i >= 0; i--)
            Eliminate(factor, y, i, Enumerable.Range(i + 1, n - 1 - i), transposed: true);
        return y;
    }

    private static void Eliminate(Tensor<double> factor, Tensor<double> y, int row, IEnumerable<int> known, bool transposed)
    {
        Span<double> target = y.Row(row);
        foreach (int j in known)
        {
            double coefficient = transposed ? factor[j, row] : factor[row, j];
            for (int c = 0; c < target.Length; c++)
                target[c] -= coefficient * y[j, c];
        }
        foreach (ref double value in target)
            value /= factor[row, row];
    }

    private static double SquaredDistance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0.0;
        for (int j = 0; j < a.Length; j++)
            sum += (a[j] - b[j]) * (a[j] - b[j]);
        return sum;
    }
}
