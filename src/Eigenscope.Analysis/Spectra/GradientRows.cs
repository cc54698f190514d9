using Eigenscope.Learning.Derivatives;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Analysis.Spectra;

/// <summary>The rows √w_i S_i J_i of any scope, made explicit a few samples at a time.</summary>
internal sealed class GradientRows(Linearization linearization, string scope, LogitFactors factors, Compute compute)
{
    // Rows held while the others pass by: every block of them costs a walk through the network.
    private const long BlockBytes = 512L << 20;

    /// <summary>Most numbers that the rows of an explicit Gram matrix may have: 32 GB of them pass by, in walks of half a gigabyte.</summary>
    public const long Affordable = 1L << 32;

    private readonly int _length = ParameterScope.Resolve(linearization.Objective.Network, scope).Length;

    /// <summary>Numbers that one walk makes: what it costs beside the passes through the network.</summary>
    public long Entries => (long)factors.Length * _length;

    /// <summary>Σ of their squares: the trace of the Gauss–Newton matrix.</summary>
    public double Trace()
    {
        double trace = 0.0;
        Walk((_, rows) => trace += Reductions.SumOfSquares(rows));
        return trace;
    }

    /// <summary>Adds their Gram matrix to an N o × N o matrix. One block of rows is held at a time, and meets those of later samples as they pass.</summary>
    public void AddGram(Tensor<double> gram)
    {
        int block = (int)Math.Clamp(BlockBytes / sizeof(double) / ((long)factors.Logits * _length), 1, factors.Samples);
        Tensor<double> held = new(block * factors.Logits, _length);
        for (int start = 0; start < factors.Samples; start += block)
        {
            int first = start * factors.Logits, count = Math.Min(block, factors.Samples - start) * factors.Logits;
            Walk((row, rows) =>
            {
                int inside = Math.Clamp(first + count - row, 0, rows.Rows), before = Math.Clamp(first - row, 0, inside);
                if (inside > before)
                    rows.RowRange(before, inside - before).CopyTo(held.AsMatrix().RowRange(Math.Max(0, row - first), inside - before));
                AddProducts(held.AsMatrix().RowRange(0, count), rows.RowRange(inside, rows.Rows - inside), gram.AsMatrix(), first, row + inside);
            });
            AddProducts(held.AsMatrix().RowRange(0, count), held.AsMatrix().RowRange(0, count), gram.AsMatrix(), first, first);
        }
    }

    private delegate void Rows(int firstRow, ReadOnlyMatrixSpan<double> rows);

    private void Walk(Rows visit)
    {
        Tensor<double> scaled = new(0, _length);
        linearization.VisitJacobians(scope, (first, jacobians) =>
        {
            if (scaled.Rows < jacobians.Rows)
                scaled = new Tensor<double>(jacobians.Rows, _length);
            MatrixSpan<double> rows = scaled.AsMatrix().RowRange(0, jacobians.Rows);
            for (int start = 0; start < rows.Rows; start += factors.Logits)
            {
                int sample = first + (start / factors.Logits);
                MatrixSpan<double> own = rows.RowRange(start, factors.Logits);
                factors.Multiply(sample, jacobians.RowRange(start, factors.Logits), own);
                TensorPrimitives.Multiply(own.Data, Math.Sqrt(factors.Weight(sample)), own.Data);
            }
            visit(first * factors.Logits, rows);
        });
    }

    private void AddProducts(ReadOnlyMatrixSpan<double> rows, ReadOnlyMatrixSpan<double> others, MatrixSpan<double> gram, int top, int left)
    {
        if (rows.Rows == 0 || others.Rows == 0)
            return;
        compute.Multiply(1.0, rows, MatrixOp.None, others, MatrixOp.Transpose, 1.0, gram.RowRange(top, rows.Rows).ColumnRange(left, others.Rows));
        if (top != left)
            compute.Multiply(1.0, others, MatrixOp.None, rows, MatrixOp.Transpose, 1.0, gram.RowRange(left, others.Rows).ColumnRange(top, rows.Rows));
    }
}
