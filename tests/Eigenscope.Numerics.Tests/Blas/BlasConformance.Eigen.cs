using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Tests.Blas;

public abstract partial class BlasConformance
{
    [BackendFact]
    public void Eigenvalues_of_the_second_difference_are_the_closed_form()
    {
        foreach (int n in new[] { 1, 2, 3, 10, 61, 257 })
        {
            double[] a = new double[n * n], expected = new double[n];
            for (int i = 0; i < n; i++)
            {
                a[(i * n) + i] = 2.0;
                if (i > 0)
                    a[(i * n) + i - 1] = a[((i - 1) * n) + i] = -1.0;
                expected[i] = 2.0 - (2.0 * Math.Cos((i + 1) * Math.PI / (n + 1)));
            }
            CheckEigen(a, n, expected);
        }
    }

    [BackendFact]
    public void Eigenvalues_of_a_full_matrix_are_the_closed_form()
    {
        // The inverse of min(i, j) is a second difference with one free end: eigenvalues of min(i, j) are 1 / (4 sin²((2k − 1)π / (4n + 2))).
        const int n = 80;
        double[] a = new double[n * n], expected = new double[n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                a[(i * n) + j] = Math.Min(i, j) + 1;
            double sine = Math.Sin(((2 * (n - i)) - 1) * Math.PI / ((4 * n) + 2));
            expected[i] = 1.0 / (4.0 * sine * sine);
        }
        CheckEigen(a, n, expected);
    }

    [BackendFact]
    public void Eigenvectors_of_hard_spectra_are_orthonormal_with_small_residuals()
    {
        foreach ((string _, double[] spectrum) in HardSpectra.All(41))
        {
            foreach (double scale in new[] { 1.0, 1e-150, 1e150 })
            {
                double[] values = TestMatrices.Scale(spectrum, scale);
                CheckEigen(TestMatrices.Scale(TestMatrices.WithEigenvalues(spectrum, seed: 3), scale), values.Length, [.. values.Order()]);
                CheckEigen(TestMatrices.Diagonal(41, 41, values), values.Length, [.. values.Order()]);
            }
        }
    }

    [BackendFact]
    public void Eigenvectors_of_graded_matrices_have_small_residuals()
    {
        const int n = 30;
        double[] down = new double[n * n], up = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                down[(i * n) + j] = Math.Pow(10.0, -0.5 * (i + j)) * (i == j ? 2.0 : 1.0);
                up[((n - 1 - i) * n) + n - 1 - j] = down[(i * n) + j];
            }
        }
        CheckEigen(down, n, expected: null);
        CheckEigen(up, n, expected: null);
    }

    [BackendFact]
    public void Eigenvectors_of_random_matrices_have_small_residuals()
    {
        foreach (int n in new[] { 1, 2, 3, 4, 5, 16, 31, 32, 33, 64, 65, 150 })
            CheckEigen(TestMatrices.RandomSymmetric(n, (ulong)n), n, expected: null);
    }

    [BackendFact]
    public void Eigendecomposition_of_nothing_is_nothing() => _blas.SymmetricEigen(new MatrixSpan<double>([], 0, 0), []);

    [BackendFact]
    public void Eigendecomposition_keeps_entries_of_underflow_size_harmless()
    {
        double[] a = [1.0, 0.0, 0.0, 1e-160, 1.0, 0.0, 1e-170, 3e-165, 2.0];
        double[] values = new double[3];
        _blas.SymmetricEigen(new MatrixSpan<double>(a, 3, 3), values);
        double[] expected = [1.0, 1.0, 2.0];
        for (int k = 0; k < 3; k++)
            AssertClose(expected[k], values[k], Constant * 3 * Epsilon * TestMatrices.FrobeniusNorm(expected));
        AssertOrthonormalRows(a, 3, 3);
    }

    [BackendFact]
    public void Eigendecomposition_rejects_what_is_not_finite_or_not_square()
    {
        foreach (double bad in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
        {
            LinearAlgebraException error = Assert.Throws<LinearAlgebraException>(() => _blas.SymmetricEigen(new MatrixSpan<double>([1.0, 0.0, bad, 1.0], 2, 2), new double[2]));
            Assert.Contains("row 1", error.Message, StringComparison.Ordinal);
        }
        Assert.Equal("a", Assert.Throws<ArgumentException>(() => _blas.SymmetricEigen(new MatrixSpan<double>(new double[6], 2, 3), new double[2])).ParamName);
        Assert.Equal("values", Assert.Throws<ArgumentException>(() => _blas.SymmetricEigen(new MatrixSpan<double>(new double[4], 2, 2), new double[3])).ParamName);
    }

    private void CheckEigen(double[] a, int n, double[]? expected)
    {
        (double[] values, double[] vectors) = Eigen(a, n, vectors: true);
        (double[] valuesAlone, _) = Eigen(a, n, vectors: false);
        double scale = TestMatrices.LargestMagnitude(a);
        double[] unit = scale == 0.0 ? a : [.. a.Select(x => x / scale)];
        double[] unitValues = scale == 0.0 ? values : [.. values.Select(x => x / scale)];
        double tolerance = Constant * n * Epsilon * TestMatrices.FrobeniusNorm(unit);
        AssertOrthonormalRows(vectors, n, n);
        double[] image = TestMatrices.Multiply(vectors, unit, n, n, n);
        for (int k = 0; k < n; k++)
        {
            double residual = TestMatrices.FrobeniusNorm(Enumerable.Range(0, n).Select(j => image[(k * n) + j] - (unitValues[k] * vectors[(k * n) + j])));
            Assert.True(residual <= tolerance, $"residual {residual:E2} of value {k} of {n}, tolerance {tolerance:E2}");
            Assert.True(k == 0 || values[k] >= values[k - 1]);
            AssertClose(unitValues[k], scale == 0.0 ? valuesAlone[k] : valuesAlone[k] / scale, tolerance);
            if (expected is not null)
                AssertClose(scale == 0.0 ? expected[k] : expected[k] / scale, unitValues[k], tolerance);
        }
    }

    /// <summary>Decomposes through a strided view whose strict upper triangle holds NaN, which must not be read.</summary>
    private (double[] Values, double[] Vectors) Eigen(double[] a, int n, bool vectors)
    {
        MatrixSpan<double> view = LowerTriangle(a, n);
        double[] values = new double[n];
        _blas.SymmetricEigen(view, values, vectors);
        return (values, vectors ? Pack(view) : []);
    }

    private static MatrixSpan<double> LowerTriangle(double[] a, int n)
    {
        double[] storage = new double[n * (n + 3)];
        storage.AsSpan().Fill(double.NaN);
        for (int i = 0; i < n; i++)
            a.AsSpan(i * n, i + 1).CopyTo(storage.AsSpan(i * (n + 3)));
        return new MatrixSpan<double>(storage, n, n, n + 3);
    }

    private static double[] Pack(ReadOnlyMatrixSpan<double> view)
    {
        double[] packed = new double[view.Rows * view.Columns];
        view.CopyTo(new MatrixSpan<double>(packed, view.Rows, view.Columns));
        return packed;
    }

    private static void AssertOrthonormalRows(double[] rows, int count, int length)
    {
        double[] gram = TestMatrices.Multiply(rows, TestMatrices.Transpose(rows, count, length), count, length, count);
        double tolerance = Constant * Math.Max(count, length) * Epsilon;
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
                AssertClose(i == j ? 1.0 : 0.0, gram[(i * count) + j], tolerance);
        }
    }

    private static void AssertClose(double expected, double actual, double tolerance) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance, $"expected {expected:R}, got {actual:R}, apart by {Math.Abs(expected - actual):E2}, tolerance {tolerance:E2}");
}
