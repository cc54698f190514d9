using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Tests.Blas;

public abstract partial class BlasConformance
{
    private static readonly (int Rows, int Columns)[] Shapes = [(1, 1), (1, 5), (5, 1), (2, 3), (3, 2), (17, 40), (40, 17), (64, 64), (33, 32), (150, 30), (3, 90)];

    [BackendFact]
    public void Singular_values_of_the_forward_difference_are_the_closed_form()
    {
        // (n + 1) × n differences of a vector with zero ends: singular values 2 sin(kπ / (2(n + 1))).
        foreach (int n in new[] { 1, 2, 7, 50, 120 })
        {
            double[] a = new double[(n + 1) * n], expected = new double[n];
            for (int i = 0; i < n; i++)
            {
                a[(i * n) + i] = 1.0;
                a[((i + 1) * n) + i] = -1.0;
                expected[i] = 2.0 * Math.Sin((n - i) * Math.PI / (2.0 * (n + 1)));
            }
            CheckSvd(a, n + 1, n, expected);
            CheckSvd(TestMatrices.Transpose(a, n + 1, n), n, n + 1, expected);
        }
    }

    [BackendFact]
    public void Singular_vectors_of_random_matrices_reproduce_them()
    {
        foreach ((int m, int n) in Shapes)
            CheckSvd(TestMatrices.Random(m, n, (ulong)(m + (100 * n))), m, n, expected: null);
    }

    [BackendFact]
    public void Singular_vectors_of_hard_spectra_reproduce_the_matrix()
    {
        foreach ((string _, double[] spectrum) in HardSpectra.All(23))
        {
            double[] sorted = [.. spectrum.Select(Math.Abs).OrderDescending()];
            foreach (double scale in new[] { 1.0, 1e-150, 1e150 })
            {
                foreach ((int m, int n) in new[] { (23, 23), (23, 37), (37, 23) })
                    CheckSvd(TestMatrices.Scale(TestMatrices.WithSingularValues(m, n, spectrum, seed: 9), scale), m, n, TestMatrices.Scale(sorted, scale));
            }
        }
    }

    [BackendFact]
    public void Singular_value_decomposition_of_nothing_is_nothing()
    {
        _blas.Svd(new MatrixSpan<double>([], 0, 0), [], default, default);
        _blas.Svd(new MatrixSpan<double>([], 3, 0), [], default, default);
        _blas.Svd(new MatrixSpan<double>([], 0, 3), [], default, default);
    }

    [BackendFact]
    public void Singular_value_decomposition_rejects_what_is_not_finite_or_does_not_fit()
    {
        Assert.Throws<LinearAlgebraException>(() => _blas.Svd(new MatrixSpan<double>([1.0, double.NaN], 1, 2), new double[1], default, default));
        Assert.Equal("singularValues", Assert.Throws<ArgumentException>(() => _blas.Svd(new MatrixSpan<double>(new double[6], 2, 3), new double[3], default, default)).ParamName);
        ArgumentException error = Assert.Throws<ArgumentException>(() =>
            _blas.Svd(new MatrixSpan<double>(new double[6], 2, 3), new double[2], new MatrixSpan<double>(new double[4], 2, 2), new MatrixSpan<double>(new double[9], 3, 3)));
        Assert.Equal("u", error.ParamName);
        Assert.Contains("Vᵀ 2 × 3", error.Message, StringComparison.Ordinal);
    }

    [BackendFact]
    public void Orthogonal_factors_reproduce_the_matrix()
    {
        foreach ((int m, int n) in Shapes.Where(shape => shape.Rows >= shape.Columns))
            CheckQr(TestMatrices.Random(m, n, (ulong)(m + (7 * n))), m, n);
        foreach ((string _, double[] spectrum) in HardSpectra.All(23))
        {
            foreach (double scale in new[] { 1.0, 1e-150, 1e150 })
                CheckQr(TestMatrices.Scale(TestMatrices.WithSingularValues(37, 23, spectrum, seed: 2), scale), 37, 23);
        }
        _blas.Qr(new MatrixSpan<double>([], 3, 0), default);
    }

    [BackendFact]
    public void Orthogonal_factorisation_rejects_what_is_not_finite_or_does_not_fit()
    {
        Assert.Throws<LinearAlgebraException>(() => _blas.Qr(new MatrixSpan<double>([1.0, double.PositiveInfinity], 2, 1), new MatrixSpan<double>(new double[1], 1, 1)));
        Assert.Equal("a", Assert.Throws<ArgumentException>(() => _blas.Qr(new MatrixSpan<double>(new double[6], 2, 3), new MatrixSpan<double>(new double[9], 3, 3))).ParamName);
        Assert.Equal("r", Assert.Throws<ArgumentException>(() => _blas.Qr(new MatrixSpan<double>(new double[6], 3, 2), new MatrixSpan<double>(new double[9], 3, 3))).ParamName);
    }

    [BackendFact]
    public void Cholesky_factor_of_known_matrices_is_exact()
    {
        // min(i, j) = L Lᵀ with all ones; the Pascal matrix with binomial coefficients. Every step is exact in integers.
        const int n = 20;
        double[] minimum = new double[n * n], pascal = new double[n * n], binomial = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                minimum[(i * n) + j] = Math.Min(i, j) + 1;
                binomial[(i * n) + j] = j == 0 ? 1.0 : i == 0 ? 0.0 : binomial[((i - 1) * n) + j] + binomial[((i - 1) * n) + j - 1];
                pascal[(i * n) + j] = i == 0 || j == 0 ? 1.0 : pascal[((i - 1) * n) + j] + pascal[(i * n) + j - 1];
            }
        }
        Assert.Equal([.. Enumerable.Range(0, n * n).Select(k => k % n <= k / n ? 1.0 : 0.0)], Cholesky(minimum, n, expectedPivot: -1));
        Assert.Equal(binomial, Cholesky(pascal, n, expectedPivot: -1));
    }

    [BackendFact]
    public void Cholesky_factors_of_positive_matrices_reproduce_them()
    {
        foreach (int n in new[] { 1, 2, 5, 33, 100, 200 })
        {
            double[] values = [.. Enumerable.Range(0, n).Select(k => Math.Pow(10.0, -6.0 * k / n))];
            double[] a = TestMatrices.WithEigenvalues(values, (ulong)n);
            double[] factor = Cholesky(a, n, expectedPivot: -1);
            double[] product = TestMatrices.Multiply(factor, TestMatrices.Transpose(factor, n, n), n, n, n);
            double tolerance = Constant * n * Epsilon * TestMatrices.LargestMagnitude(a);
            for (int k = 0; k < product.Length; k++)
                AssertClose(a[k], product[k], tolerance);
        }
        Assert.Equal(-1, _blas.Cholesky(new MatrixSpan<double>([], 0, 0)));
    }

    [BackendFact]
    public void Triangular_solves_undo_products()
    {
        foreach (int n in new[] { 1, 2, 15, 16, 17, 40, 101 })
        {
            double[] lower = Lower(n);
            foreach (MatrixOp op in new[] { MatrixOp.None, MatrixOp.Transpose })
            {
                double[] factor = op == MatrixOp.None ? lower : TestMatrices.Transpose(lower, n, n);
                foreach (int m in new[] { 1, 7, 33 })
                {
                    double[] left = TestMatrices.Random(n, m, (ulong)(n + m)), right = TestMatrices.Random(m, n, (ulong)(n - m + 500));
                    CheckTriangular(lower, op, n, left, TestMatrices.Multiply(factor, left, n, n, m), m, fromRight: false);
                    CheckTriangular(lower, op, n, right, TestMatrices.Multiply(right, factor, m, n, n), m, fromRight: true);
                }
            }
        }
        _blas.SolveTriangular(new ReadOnlyMatrixSpan<double>([], 0, 0), MatrixOp.None, new MatrixSpan<double>([], 0, 3));
        Assert.Equal("lower", Assert.Throws<ArgumentException>(() => _blas.SolveTriangular(new ReadOnlyMatrixSpan<double>(new double[6], 2, 3), MatrixOp.None, new MatrixSpan<double>(new double[6], 2, 3))).ParamName);
        Assert.Equal("b", Assert.Throws<ArgumentException>(() => _blas.SolveTriangular(new ReadOnlyMatrixSpan<double>(new double[4], 2, 2), MatrixOp.None, new MatrixSpan<double>(new double[6], 3, 2))).ParamName);
    }

    [BackendFact]
    public void Cholesky_names_the_first_pivot_that_is_not_positive()
    {
        foreach (int n in new[] { 1, 2, 9, 130 })
        {
            foreach (int pivot in new[] { 0, n / 2, n - 1 })
            {
                foreach (double value in new[] { 0.0, -1.0 })
                    Cholesky(WithPivot(n, pivot, value), n, pivot);
            }
        }
        Assert.Equal("a", Assert.Throws<ArgumentException>(() => _blas.Cholesky(new MatrixSpan<double>(new double[6], 2, 3))).ParamName);
        Assert.Throws<LinearAlgebraException>(() => _blas.Cholesky(new MatrixSpan<double>([double.NaN], 1, 1)));
    }

    // L D Lᵀ with L unit lower bidiagonal of ones and D of ones but one: integers, so that the pivot comes out exactly.
    private static double[] WithPivot(int n, int pivot, double value)
    {
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            double d = i == pivot ? value : 1.0, previous = i == 0 ? 0.0 : i - 1 == pivot ? value : 1.0;
            a[(i * n) + i] = d + previous;
            if (i > 0)
                a[(i * n) + i - 1] = a[((i - 1) * n) + i] = previous;
        }
        return a;
    }

    private double[] Cholesky(double[] a, int n, int expectedPivot)
    {
        MatrixSpan<double> view = LowerTriangle(a, n);
        Assert.Equal(expectedPivot, _blas.Cholesky(view));
        return Pack(view);
    }

    private void CheckSvd(double[] a, int m, int n, double[]? expected)
    {
        int rank = Math.Min(m, n);
        double[] values = new double[rank], valuesAlone = new double[rank];
        MatrixSpan<double> u = new(new double[m * (rank + 2)], m, rank, rank + 2), vt = new(new double[rank * (n + 1)], rank, n, n + 1);
        _blas.Svd(Strided(a, m, n), values, u, vt);
        _blas.Svd(Strided(a, m, n), valuesAlone, default, default);
        double scale = TestMatrices.LargestMagnitude(a);
        scale = scale == 0.0 ? 1.0 : scale;
        double[] unit = [.. a.Select(x => x / scale)];
        double tolerance = Constant * Math.Max(m, n) * Epsilon * TestMatrices.FrobeniusNorm(unit);
        double[] left = Pack(u), right = Pack(vt), weighted = [.. left.Select((x, k) => x * (values[k % rank] / scale))];
        AssertOrthonormalRows(TestMatrices.Transpose(left, m, rank), rank, m);
        AssertOrthonormalRows(right, rank, n);
        double[] product = TestMatrices.Multiply(weighted, right, m, rank, n);
        Assert.True(TestMatrices.FrobeniusNorm(product.Zip(unit, (x, y) => x - y)) <= tolerance);
        for (int k = 0; k < rank; k++)
        {
            Assert.True(values[k] >= 0.0 && (k == 0 || values[k] <= values[k - 1]));
            AssertClose(values[k] / scale, valuesAlone[k] / scale, tolerance);
            if (expected is not null)
                AssertClose(expected[k] / scale, values[k] / scale, tolerance);
        }
    }

    private void CheckQr(double[] a, int m, int n)
    {
        MatrixSpan<double> q = Strided(a, m, n), r = new(new double[n * (n + 2)], n, n, n + 2);
        foreach (ref double entry in r.Data)
            entry = double.NaN;
        _blas.Qr(q, r);
        double scale = TestMatrices.LargestMagnitude(a);
        scale = scale == 0.0 ? 1.0 : scale;
        double[] unit = [.. a.Select(x => x / scale)], columns = Pack(q), triangle = [.. Pack(r).Select(x => x / scale)];
        AssertOrthonormalRows(TestMatrices.Transpose(columns, m, n), n, m);
        double[] product = TestMatrices.Multiply(columns, triangle, m, n, n);
        Assert.True(TestMatrices.FrobeniusNorm(product.Zip(unit, (x, y) => x - y)) <= Constant * m * Epsilon * TestMatrices.FrobeniusNorm(unit));
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++)
                Assert.Equal(0.0, r[i, j]);
        }
    }

    private static MatrixSpan<double> Strided(double[] a, int rows, int columns)
    {
        double[] storage = new double[rows * (columns + 4)];
        storage.AsSpan().Fill(double.NaN);
        MatrixSpan<double> view = new(storage, rows, columns, columns + 4);
        new ReadOnlyMatrixSpan<double>(a, rows, columns).CopyTo(view);
        return view;
    }

    // A dominant diagonal keeps the condition number small; the upper triangle must not be read.
    private static double[] Lower(int n)
    {
        double[] lower = TestMatrices.Random(n, n, (ulong)n);
        for (int i = 0; i < n; i++)
        {
            lower[(i * n) + i] = 2.0 + i;
            for (int j = 0; j < i; j++)
                lower[(i * n) + j] /= n;
            lower.AsSpan((i * n) + i + 1, n - 1 - i).Clear();
        }
        return lower;
    }

    private void CheckTriangular(double[] lower, MatrixOp op, int n, double[] expected, double[] b, int m, bool fromRight)
    {
        const double units = 400;
        double[] unread = [.. lower];
        for (int i = 0; i < n; i++)
            unread.AsSpan((i * n) + i + 1, n - 1 - i).Fill(double.NaN);
        (int rows, int columns) = fromRight ? (m, n) : (n, m);
        double[] padded = new double[rows * (columns + 3)];
        MatrixSpan<double> view = new(padded, rows, columns, columns + 3);
        new ReadOnlyMatrixSpan<double>(b, rows, columns).CopyTo(view);
        _blas.SolveTriangular(new ReadOnlyMatrixSpan<double>(unread, n, n), op, view, fromRight);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
                Assert.InRange(Math.Abs(view[i, j] - expected[(i * columns) + j]), 0.0, units * 2.2e-16 * n);
        }
    }
}
