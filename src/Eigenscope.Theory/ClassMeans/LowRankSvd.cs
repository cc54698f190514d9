using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Theory.ClassMeans;

/// <summary>Singular value decomposition of Xᵀ Y, X K × a and Y K × b: through the QR factors of Xᵀ and Yᵀ where both are tall, so that nothing of size a × b is held.</summary>
/// <param name="Values">min(K, a, b) singular values, descending.</param>
/// <param name="Left">Left singular vectors as rows.</param>
/// <param name="Right">Right singular vectors as rows.</param>
internal sealed record LowRankSvd(double[] Values, Tensor<double> Left, Tensor<double> Right)
{
    public static LowRankSvd Of(Tensor<double> x, Tensor<double> y, Compute compute)
    {
        if (x.Columns < x.Rows || y.Columns < y.Rows)
        {
            Tensor<double> product = new(x.Columns, y.Columns);
            compute.Multiply(1.0, x.AsMatrix(), MatrixOp.Transpose, y.AsMatrix(), MatrixOp.None, 0.0, product.AsMatrix());
            return Direct(product, compute);
        }
        (Tensor<double> qx, Tensor<double> rx) = Qr(x, compute);
        (Tensor<double> qy, Tensor<double> ry) = Qr(y, compute);
        Tensor<double> core = new(rx.Rows, ry.Rows);
        compute.Multiply(1.0, rx.AsMatrix(), MatrixOp.None, ry.AsMatrix(), MatrixOp.Transpose, 0.0, core.AsMatrix());
        LowRankSvd inner = Direct(core, compute);
        return new LowRankSvd(inner.Values, Rotate(inner.Left, qx, compute), Rotate(inner.Right, qy, compute));
    }

    public static LowRankSvd OfMatrix(Tensor<double> matrix, Compute compute) => Direct(matrix.Clone(), compute);

    private static LowRankSvd Direct(Tensor<double> matrix, Compute compute)
    {
        int rank = Math.Min(matrix.Rows, matrix.Columns);
        double[] values = new double[rank];
        Tensor<double> u = new(matrix.Rows, rank);
        Tensor<double> right = new(rank, matrix.Columns);
        compute.Blas.Svd(matrix.AsMatrix(), values, u.AsMatrix(), right.AsMatrix());
        return new LowRankSvd(values, Transposed(u), right);
    }

    private static (Tensor<double> Q, Tensor<double> R) Qr(Tensor<double> rows, Compute compute)
    {
        Tensor<double> q = Transposed(rows);
        Tensor<double> r = new(rows.Rows, rows.Rows);
        compute.Blas.Qr(q.AsMatrix(), r.AsMatrix());
        return (q, r);
    }

    private static Tensor<double> Rotate(Tensor<double> inner, Tensor<double> q, Compute compute)
    {
        Tensor<double> rotated = new(inner.Rows, q.Rows);
        compute.Multiply(1.0, inner.AsMatrix(), MatrixOp.None, q.AsMatrix(), MatrixOp.Transpose, 0.0, rotated.AsMatrix());
        return rotated;
    }

    private static Tensor<double> Transposed(Tensor<double> matrix)
    {
        Tensor<double> transposed = new(matrix.Columns, matrix.Rows);
        for (int i = 0; i < matrix.Rows; i++)
        {
            for (int j = 0; j < matrix.Columns; j++)
                transposed[j, i] = matrix[i, j];
        }
        return transposed;
    }
}
