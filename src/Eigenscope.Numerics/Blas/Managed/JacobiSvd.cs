using System.Buffers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Blas.Managed;

/// <summary>
/// Thin SVD: QR, then one-sided Jacobi on R (Hestenes; Drmač and Veselić, "New fast and accurate Jacobi SVD algorithm", SIMAX 2008), started from the eigenvectors of RᵀR: those are
/// as good as the condition number allows, so that few sweeps remain, and what squaring lost the sweeps restore.
/// Not MathNet.Numerics: its SVD returns wrong values for matrices of order 1e−150 (its thresholds are absolute) and is several times slower at 512 × 512.
/// </summary>
internal static class JacobiSvd
{
    // Classical bounds need about log2 of the dimension; LAPACK's dgesvj stops at 30 as well.
    private const int MaximumSweeps = 30;
    private const double Epsilon = 1.0 / (1L << 53);

    public static void Decompose(MatrixSpan<double> a, Span<double> singularValues, MatrixSpan<double> u, MatrixSpan<double> vt, bool vectors)
    {
        (int rank, int length) = (Math.Min(a.Rows, a.Columns), Math.Max(a.Rows, a.Columns));
        double[] tall = ArrayPool<double>.Shared.Rent(checked(rank * length)), square = ArrayPool<double>.Shared.Rent(checked(3 * rank * rank));
        // The rows of "columns" are the columns of A or, for a wide matrix, of Aᵀ: of a matrix B with at least as many rows as columns.
        MatrixSpan<double> columns = new(tall.AsSpan(0, rank * length), rank, length);
        bool wide = a.Rows < a.Columns;
        if (wide)
            ((ReadOnlyMatrixSpan<double>)a).CopyTo(columns);
        else
            Transposition.Copy(a, columns);
        MatrixSpan<double> right = Part(square, 0, rank), left = Part(square, 1, rank), scratch = Part(square, 2, rank);
        DecomposeColumns(columns, singularValues, left, right, scratch, vectors);
        if (vectors)
            Write(columns, left, right, wide ? vt : u, wide ? u : vt, wide);
        ArrayPool<double>.Shared.Return(tall);
        ArrayPool<double>.Shared.Return(square);
    }

    private static MatrixSpan<double> Part(double[] square, int index, int rank) => new(square.AsSpan(index * rank * rank, rank * rank), rank, rank);

    // B = Qᵀrows · leftᵀ S right: A's own U and Vᵀ from it, whichever way round A was stored.
    private static void Write(MatrixSpan<double> columns, MatrixSpan<double> left, MatrixSpan<double> right, MatrixSpan<double> ofLeft, MatrixSpan<double> ofRight, bool wide)
    {
        if (wide)
        {
            ManagedGemm.Multiply(1.0, left, MatrixOp.None, columns, MatrixOp.None, 0.0, ofLeft);
            Transposition.Copy(right, ofRight);
            return;
        }
        ManagedGemm.Multiply(1.0, columns, MatrixOp.Transpose, left, MatrixOp.Transpose, 0.0, ofLeft);
        ((ReadOnlyMatrixSpan<double>)right).CopyTo(ofRight);
    }

    /// <summary>Afterwards the rows of <paramref name="columns"/> are Q's columns, those of left and right the singular vectors of R.</summary>
    private static void DecomposeColumns(MatrixSpan<double> columns, Span<double> singularValues, MatrixSpan<double> left, MatrixSpan<double> right, MatrixSpan<double> scratch, bool vectors)
    {
        int rank = columns.Rows;
        int exponent = BinaryScale.Exponent(BinaryScale.Largest(columns)) ?? 0;
        BinaryScale.Multiply(columns, -exponent);
        double[] buffer = ArrayPool<double>.Shared.Rent(2 * rank);
        Span<double> diagonal = buffer.AsSpan(0, rank), factors = buffer.AsSpan(rank, rank);
        HouseholderQr.Factor(columns, diagonal, factors);
        HouseholderQr.CopyR(columns, diagonal, scratch);
        if (vectors)
            HouseholderQr.FormQ(columns, factors);
        ArrayPool<double>.Shared.Return(buffer);
        ManagedGemm.Multiply(1.0, scratch, MatrixOp.Transpose, scratch, MatrixOp.None, 0.0, right);
        ManagedSymmetricEigen.Decompose(right, singularValues, vectors: true);
        ReverseRows(right);
        ManagedGemm.Multiply(1.0, right, MatrixOp.None, scratch, MatrixOp.Transpose, 0.0, left);
        Orthogonalize(left, vectors ? right : default, singularValues);
        Sort(left, right, singularValues);
        if (vectors)
            Normalize(left, singularValues);
        BinaryScale.Multiply(singularValues, exponent);
    }

    private static void ReverseRows(MatrixSpan<double> a)
    {
        for (int i = 0; i < a.Rows / 2; i++)
            VectorLoops.Swap(a.Row(i), a.Row(a.Rows - 1 - i));
    }

    /// <summary>Rotates pairs of rows until all are orthogonal; <paramref name="norms"/> receives their lengths.</summary>
    private static void Orthogonalize(MatrixSpan<double> x, MatrixSpan<double> turned, Span<double> norms)
    {
        double tolerance = 8.0 * Math.Sqrt(x.Rows) * Epsilon;
        for (int sweep = 0; sweep < MaximumSweeps; sweep++)
        {
            bool rotated = false;
            for (int i = 0; i < x.Rows; i++)
                norms[i] = Norm(x.Row(i));
            for (int p = 0; p < x.Rows; p++)
            {
                for (int q = p + 1; q < x.Rows; q++)
                    rotated |= RotatePair(x, turned, norms, p, q, tolerance);
            }
            if (!rotated)
                return;
        }
        throw new LinearAlgebraException($"the Jacobi SVD did not converge in {MaximumSweeps} sweeps on {x.Rows} columns");
    }

    private static bool RotatePair(MatrixSpan<double> x, MatrixSpan<double> turned, Span<double> norms, int p, int q, double tolerance)
    {
        if (norms[p] == 0.0 || norms[q] == 0.0)
            return false;
        double cross = VectorLoops.Dot<double>(x.Row(p), x.Row(q));
        if (Math.Abs(cross) <= tolerance * norms[p] * norms[q])
            return false;
        double zeta = (norms[q] - norms[p]) * (norms[q] + norms[p]) / (2.0 * cross);
        double tangent = Math.CopySign(1.0 / (Math.Abs(zeta) + double.Hypot(zeta, 1.0)), zeta);
        double cosine = 1.0 / Math.Sqrt(1.0 + (tangent * tangent));
        VectorLoops.Rotate(cosine, cosine * tangent, x.Row(p), x.Row(q));
        if (turned.Rows > 0)
            VectorLoops.Rotate(cosine, cosine * tangent, turned.Row(p), turned.Row(q));
        norms[p] = Norm(x.Row(p));
        norms[q] = Norm(x.Row(q));
        return true;
    }

    private static double Norm(Span<double> row)
    {
        double norm = Math.Sqrt(VectorLoops.Dot<double>(row, row));
        if (norm >= BinaryScale.Negligible)
            return norm;
        row.Clear();
        return 0.0;
    }

    private static void Sort(MatrixSpan<double> left, MatrixSpan<double> right, Span<double> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            int largest = i;
            for (int j = i + 1; j < values.Length; j++)
            {
                if (values[j] > values[largest])
                    largest = j;
            }
            if (largest == i)
                continue;
            (values[i], values[largest]) = (values[largest], values[i]);
            VectorLoops.Swap(left.Row(i), left.Row(largest));
            VectorLoops.Swap(right.Row(i), right.Row(largest));
        }
    }

    /// <summary>Divides each row by its length; rows of zeros, which come last, are completed to an orthonormal basis.</summary>
    private static void Normalize(MatrixSpan<double> rows, ReadOnlySpan<double> norms)
    {
        for (int i = 0; i < rows.Rows; i++)
        {
            if (norms[i] == 0.0)
                Complete(rows, i);
            else
                System.Numerics.Tensors.TensorPrimitives.Divide(rows.Row(i), norms[i], rows.Row(i));
        }
    }

    // The unit vector that the rows above cover least keeps a length of at least sqrt((n − i) / n), so that removing them is stable; twice is enough.
    private static void Complete(MatrixSpan<double> rows, int index)
    {
        Span<double> row = rows.Row(index);
        row.Clear();
        for (int i = 0; i < index; i++)
        {
            for (int k = 0; k < row.Length; k++)
                row[k] += rows[i, k] * rows[i, k];
        }
        int best = System.Numerics.Tensors.TensorPrimitives.IndexOfMin<double>(row);
        row.Clear();
        row[best] = 1.0;
        for (int pass = 0; pass < 2; pass++)
        {
            for (int i = 0; i < index; i++)
                VectorLoops.AddScaled(-VectorLoops.Dot<double>(rows.Row(i), row), rows.Row(i), row);
        }
        System.Numerics.Tensors.TensorPrimitives.Divide(row, Math.Sqrt(VectorLoops.Dot<double>(row, row)), row);
    }
}
