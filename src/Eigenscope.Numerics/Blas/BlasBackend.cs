using System.Numerics;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Blas;

/// <summary>
/// Dense kernels: matrix product and the factorisations everything else is built from. All matrices are row-major.
/// Every call runs on the calling thread alone: parallelism belongs to <see cref="Execution.Compute"/>, so that there is one pool of threads,
/// never two. Calls from several threads at once are safe.
/// </summary>
public abstract class BlasBackend
{
    private protected BlasBackend(BlasKind kind, string description, int denseEigenLimit)
    {
        Kind = kind;
        Description = description;
        DenseEigenLimit = denseEigenLimit;
    }

    /// <summary>Which implementation this is.</summary>
    public BlasKind Kind { get; }

    /// <summary>Name, version and core type in one line, for reports: "OpenBLAS 0.3.21 (Haswell)".</summary>
    public string Description { get; }

    /// <summary>
    /// Largest dimension at which a dense symmetric eigendecomposition costs less than an iterative one is likely to;
    /// from measurements of this backend, a constant so that the choice of method repeats.
    /// </summary>
    public int DenseEigenLimit { get; }

    /// <summary>Computes <c>C ← α op(A) op(B) + β C</c>. With β = 0, C is overwritten even where it holds NaN.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="alpha">Factor of the product.</param>
    /// <param name="a">A, m × k after <paramref name="opA"/>.</param>
    /// <param name="opA">Whether A is transposed.</param>
    /// <param name="b">B, k × n after <paramref name="opB"/>.</param>
    /// <param name="opB">Whether B is transposed.</param>
    /// <param name="beta">Factor of C's old content.</param>
    /// <param name="c">C, m × n; must overlap neither A nor B.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither of the two.</exception>
    public void Multiply<T>(T alpha, ReadOnlyMatrixSpan<T> a, MatrixOp opA, ReadOnlyMatrixSpan<T> b, MatrixOp opB, T beta, MatrixSpan<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireProduct(a, opA, b, opB, c);
        if (c.Rows == 0 || c.Columns == 0)
            return;
        MultiplyCore(alpha, a, opA, b, opB, beta, c);
    }

    /// <summary>
    /// Eigendecomposition of a symmetric matrix. Only the lower triangle of <paramref name="a"/> is read; on return its rows are orthonormal eigenvectors,
    /// row i belonging to <paramref name="values"/>[i], ascending. Without vectors the content of <paramref name="a"/> is destroyed.
    /// </summary>
    /// <param name="a">n × n, symmetric; overwritten.</param>
    /// <param name="values">n eigenvalues, ascending.</param>
    /// <param name="vectors">Whether eigenvectors are wanted.</param>
    /// <exception cref="ArgumentException">Not square, or the wrong number of values.</exception>
    /// <exception cref="LinearAlgebraException">The matrix holds a NaN or an infinity, or the iteration failed.</exception>
    public void SymmetricEigen(MatrixSpan<double> a, Span<double> values, bool vectors = true)
    {
        RequireSquare(a);
        RequireLength(values, a.Rows, nameof(values));
        RequireFiniteLower(a);
        if (a.Rows > 0)
            SymmetricEigenCore(a, values, vectors);
    }

    /// <summary>
    /// Thin singular value decomposition <c>A = U diag(s) Vᵀ</c> with r = min(m, n) singular values, descending. The content of <paramref name="a"/> is destroyed.
    /// </summary>
    /// <param name="a">m × n; overwritten.</param>
    /// <param name="singularValues">r values, descending, ≥ 0.</param>
    /// <param name="u">m × r, orthonormal columns; an empty view (0 × 0) when not wanted.</param>
    /// <param name="vt">r × n, orthonormal rows; an empty view (0 × 0) when not wanted. Both or neither.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    /// <exception cref="LinearAlgebraException">The matrix holds a NaN or an infinity, or the iteration failed.</exception>
    public void Svd(MatrixSpan<double> a, Span<double> singularValues, MatrixSpan<double> u, MatrixSpan<double> vt)
    {
        int rank = Math.Min(a.Rows, a.Columns);
        RequireLength(singularValues, rank, nameof(singularValues));
        bool vectors = u.Rows != 0 || vt.Rows != 0;
        if (vectors && (u.Rows != a.Rows || u.Columns != rank || vt.Rows != rank || vt.Columns != a.Columns))
            throw new ArgumentException($"the thin SVD of {a.Rows} × {a.Columns} has U {a.Rows} × {rank} and Vᵀ {rank} × {a.Columns}; got {u.Rows} × {u.Columns} and {vt.Rows} × {vt.Columns}", nameof(u));
        RequireFinite(a);
        if (rank > 0)
            SvdCore(a, singularValues, u, vt, vectors);
    }

    /// <summary>
    /// Thin QR decomposition of a matrix with at least as many rows as columns: <paramref name="a"/> becomes Q (orthonormal columns), R is upper triangular with A = Q R.
    /// </summary>
    /// <param name="a">m × n, m ≥ n; overwritten by Q.</param>
    /// <param name="r">n × n; upper triangle written, the rest set to zero.</param>
    /// <exception cref="ArgumentException">m &lt; n, or R has the wrong shape.</exception>
    /// <exception cref="LinearAlgebraException">The matrix holds a NaN or an infinity.</exception>
    public void Qr(MatrixSpan<double> a, MatrixSpan<double> r)
    {
        if (a.Rows < a.Columns)
            throw new ArgumentException($"thin QR needs at least as many rows as columns, got {a.Rows} × {a.Columns}; decompose the transpose", nameof(a));
        if (r.Rows != a.Columns || r.Columns != a.Columns)
            throw new ArgumentException($"the thin QR of {a.Rows} × {a.Columns} has a {a.Columns} × {a.Columns} R, got {r.Rows} × {r.Columns}", nameof(r));
        RequireFinite(a);
        if (a.Columns > 0)
            QrCore(a, r);
    }

    /// <summary>
    /// Cholesky decomposition A = L Lᵀ of a symmetric positive definite matrix. Only the lower triangle of <paramref name="a"/> is read; it becomes L and the strict upper triangle zero.
    /// </summary>
    /// <param name="a">n × n; overwritten by L.</param>
    /// <returns>−1 when the matrix is positive definite, otherwise the index (from 0) of the first pivot that is not positive; nothing is ever added to the diagonal.</returns>
    /// <exception cref="ArgumentException">Not square.</exception>
    /// <exception cref="LinearAlgebraException">The matrix holds a NaN or an infinity.</exception>
    public int Cholesky(MatrixSpan<double> a)
    {
        RequireSquare(a);
        RequireFiniteLower(a);
        return a.Rows == 0 ? -1 : CholeskyCore(a);
    }

    /// <summary>
    /// Solves with a lower triangular matrix: <c>B ← op(L)⁻¹ B</c>, or <c>B ← B op(L)⁻¹</c>. Nothing is checked of the diagonal: a zero on it gives infinities.
    /// </summary>
    /// <param name="lower">L, n × n; only its lower triangle is read.</param>
    /// <param name="op">Whether L is transposed.</param>
    /// <param name="b">n × m, or m × n from the right; overwritten. Must not overlap L.</param>
    /// <param name="fromRight">Whether L stands to the right of B.</param>
    /// <exception cref="ArgumentException">L is not square, or the shapes do not fit.</exception>
    public void SolveTriangular(ReadOnlyMatrixSpan<double> lower, MatrixOp op, MatrixSpan<double> b, bool fromRight = false)
    {
        if (lower.Rows != lower.Columns)
            throw new ArgumentException($"expected a square matrix, got {lower.Rows} × {lower.Columns}", nameof(lower));
        int extent = fromRight ? b.Columns : b.Rows;
        if (extent != lower.Rows)
            throw new ArgumentException($"expected {lower.Rows} {(fromRight ? "columns" : "rows")}, as the triangular matrix has, got {b.Rows} × {b.Columns}", nameof(b));
        if (b.Rows > 0 && b.Columns > 0)
            SolveTriangularCore(lower, op, b, fromRight);
    }

    private protected abstract void SolveTriangularCore(ReadOnlyMatrixSpan<double> lower, MatrixOp op, MatrixSpan<double> b, bool fromRight);

    private protected abstract void MultiplyCore<T>(T alpha, ReadOnlyMatrixSpan<T> a, MatrixOp opA, ReadOnlyMatrixSpan<T> b, MatrixOp opB, T beta, MatrixSpan<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    private protected abstract void SymmetricEigenCore(MatrixSpan<double> a, Span<double> values, bool vectors);

    private protected abstract void SvdCore(MatrixSpan<double> a, Span<double> singularValues, MatrixSpan<double> u, MatrixSpan<double> vt, bool vectors);

    private protected abstract void QrCore(MatrixSpan<double> a, MatrixSpan<double> r);

    private protected abstract int CholeskyCore(MatrixSpan<double> a);

    /// <summary>Checks the shapes of a product.</summary>
    internal static void RequireProduct<T>(ReadOnlyMatrixSpan<T> a, MatrixOp opA, ReadOnlyMatrixSpan<T> b, MatrixOp opB, MatrixSpan<T> c)
        where T : unmanaged
    {
        (int m, int inner) = opA == MatrixOp.None ? (a.Rows, a.Columns) : (a.Columns, a.Rows);
        (int innerB, int n) = opB == MatrixOp.None ? (b.Rows, b.Columns) : (b.Columns, b.Rows);
        if (inner != innerB)
            throw new ArgumentException($"cannot multiply {m} × {inner} by {innerB} × {n}: the inner dimensions differ", nameof(b));
        if (c.Rows != m || c.Columns != n)
            throw new ArgumentException($"the product of {m} × {inner} by {innerB} × {n} needs a {m} × {n} result, got {c.Rows} × {c.Columns}", nameof(c));
    }

    private static void RequireSquare(MatrixSpan<double> a)
    {
        if (a.Rows != a.Columns)
            throw new ArgumentException($"expected a square matrix, got {a.Rows} × {a.Columns}", nameof(a));
    }

    private static void RequireLength(ReadOnlySpan<double> values, int expected, string name)
    {
        if (values.Length != expected)
            throw new ArgumentException($"expected room for {expected} values, got {values.Length}", name);
    }

    private static void RequireFinite(ReadOnlyMatrixSpan<double> a)
    {
        for (int i = 0; i < a.Rows; i++)
            RequireFinite(a, i, a.Row(i));
    }

    private static void RequireFiniteLower(ReadOnlyMatrixSpan<double> a)
    {
        for (int i = 0; i < a.Rows; i++)
            RequireFinite(a, i, a.Row(i)[..(i + 1)]);
    }

    private static void RequireFinite(ReadOnlyMatrixSpan<double> a, int index, ReadOnlySpan<double> row)
    {
        if (!row.IsEmpty && !System.Numerics.Tensors.TensorPrimitives.IsFiniteAll(row))
            throw new LinearAlgebraException($"row {index} of the {a.Rows} × {a.Columns} matrix holds a NaN or an infinity");
    }
}
