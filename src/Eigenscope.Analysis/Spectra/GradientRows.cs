using Eigenscope.Learning.Derivatives;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Spectra;

/// <summary>The rows √w_i S_i J_i of any scope, made explicit a few samples at a time.</summary>
internal static class GradientRows
{
    // Rows held at a time: enough for full matrix-product speed.
    private const long BlockBytes = 256L << 20;

    /// <summary>Adds their Gram matrix to an N o × N o matrix, block by block: two blocks of rows are held.</summary>
    public static void AddGram(Linearization linearization, string scope, LogitFactors factors, Tensor<double> gram, Compute compute)
    {
        LinearOperator jacobian = linearization.Jacobian(scope);
        int block = (int)Math.Clamp(BlockBytes / sizeof(double) / Math.Max(1, (long)jacobian.Columns * factors.Logits), 1, factors.Samples);
        for (int start = 0; start < factors.Samples; start += block)
        {
            Tensor<double> rows = Rows(jacobian, factors, start, Math.Min(block, factors.Samples - start));
            for (int other = 0; other <= start; other += block)
            {
                Tensor<double> columns = other == start ? rows : Rows(jacobian, factors, other, Math.Min(block, factors.Samples - other));
                AddProducts(rows, columns, gram.AsMatrix(), start * factors.Logits, other * factors.Logits, compute);
            }
        }
    }

    private static void AddProducts(Tensor<double> rows, Tensor<double> columns, MatrixSpan<double> gram, int top, int left, Compute compute)
    {
        compute.Multiply(1.0, rows.AsMatrix(), MatrixOp.None, columns.AsMatrix(), MatrixOp.Transpose, 1.0, gram.RowRange(top, rows.Rows).ColumnRange(left, columns.Rows));
        if (top != left)
            compute.Multiply(1.0, columns.AsMatrix(), MatrixOp.None, rows.AsMatrix(), MatrixOp.Transpose, 1.0, gram.RowRange(left, columns.Rows).ColumnRange(top, rows.Rows));
    }

    private static Tensor<double> Rows(LinearOperator jacobian, LogitFactors factors, int start, int count)
    {
        Tensor<double> rows = new(count * factors.Logits, jacobian.Columns);
        double[] cotangent = new double[factors.Length];
        for (int i = start; i < start + count; i++)
        {
            ReadOnlyMatrixSpan<double> factor = factors.Factor(i);
            for (int k = 0; k < factors.Logits; k++)
            {
                Array.Clear(cotangent);
                System.Numerics.Tensors.TensorPrimitives.Multiply(factor.Row(k), Math.Sqrt(factors.Weight(i)), cotangent.AsSpan(i * factors.Logits, factors.Logits));
                jacobian.ApplyAdjoint(new ReadOnlyMatrixSpan<double>(cotangent, 1, cotangent.Length), rows.AsMatrix().RowRange(((i - start) * factors.Logits) + k, 1));
            }
        }
        return rows;
    }
}
