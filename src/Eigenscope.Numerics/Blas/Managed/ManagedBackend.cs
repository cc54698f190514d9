using System.Buffers;
using System.Numerics;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Blas.Managed;

/// <summary>The dense kernels in managed code, through <see cref="Vector{T}"/>: no native library, any platform.</summary>
internal sealed class ManagedBackend : BlasBackend
{
    // With vectors on one thread: 0.6 s at n = 1000, 1.3 s at 1300, so about 5 s here: as long as OpenBLAS needs at its own limit.
    private const int DenseEigenDimension = 2000;

    public ManagedBackend()
        : base(BlasKind.Managed, $"managed kernels (vectors of {Vector<double>.Count * 64} bits)", DenseEigenDimension)
    {
    }

    private protected override void MultiplyCore<T>(T alpha, ReadOnlyMatrixSpan<T> a, MatrixOp opA, ReadOnlyMatrixSpan<T> b, MatrixOp opB, T beta, MatrixSpan<T> c)
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
            throw new NotSupportedException($"matrix products are available in float and double, not in {typeof(T).Name}");
        ManagedGemm.Multiply(alpha, a, opA, b, opB, beta, c);
    }

    private protected override void SymmetricEigenCore(MatrixSpan<double> a, Span<double> values, bool vectors) =>
        ManagedSymmetricEigen.Decompose(a, values, vectors);

    private protected override void SvdCore(MatrixSpan<double> a, Span<double> singularValues, MatrixSpan<double> u, MatrixSpan<double> vt, bool vectors) =>
        JacobiSvd.Decompose(a, singularValues, u, vt, vectors);

    private protected override void QrCore(MatrixSpan<double> a, MatrixSpan<double> r)
    {
        (int m, int n) = (a.Rows, a.Columns);
        int exponent = BinaryScale.Exponent(BinaryScale.Largest(a)) ?? 0;
        double[] buffer = ArrayPool<double>.Shared.Rent(checked((m * n) + (2 * n)));
        MatrixSpan<double> columns = new(buffer.AsSpan(0, m * n), n, m);
        Span<double> diagonal = buffer.AsSpan(m * n, n), factors = buffer.AsSpan((m * n) + n, n);
        Transposition.Copy(a, columns);
        BinaryScale.Multiply(columns, -exponent);
        HouseholderQr.Factor(columns, diagonal, factors);
        HouseholderQr.CopyR(columns, diagonal, r);
        BinaryScale.Multiply(r, exponent);
        HouseholderQr.FormQ(columns, factors);
        Transposition.Copy(columns, a);
        ArrayPool<double>.Shared.Return(buffer);
    }

    private protected override int CholeskyCore(MatrixSpan<double> a)
    {
        for (int i = 0; i < a.Rows; i++)
        {
            Span<double> row = a.Row(i);
            for (int j = 0; j < i; j++)
                row[j] = (row[j] - VectorLoops.Dot<double>(row[..j], a.Row(j)[..j])) / a[j, j];
            double pivot = row[i] - VectorLoops.Dot<double>(row[..i], row[..i]);
            if (!(pivot > 0.0))
                return i;
            row[i] = Math.Sqrt(pivot);
            row[(i + 1)..].Clear();
        }
        return -1;
    }

    private protected override void SolveTriangularCore(ReadOnlyMatrixSpan<double> lower, MatrixOp op, MatrixSpan<double> b, bool fromRight) =>
        TriangularSolve.Solve(lower, op, b, fromRight);
}
