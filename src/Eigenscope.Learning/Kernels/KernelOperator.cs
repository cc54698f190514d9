using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Kernels;

/// <summary>
/// K + μI of n points by products, the matrix never formed as a whole: block rows of its lower triangle are computed when needed and serve both triangles, and those that the memory holds are kept.
/// </summary>
internal sealed class KernelOperator : LinearOperator
{
    private readonly KernelGeometry _geometry;
    private readonly double _ridge;
    private readonly Compute _compute;
    private readonly Tensor<double>?[] _kept;
    private readonly bool[] _isKept;

    public KernelOperator(KernelGeometry geometry, double ridge, long memoryBytes, Compute compute)
        : base(geometry.Count, geometry.Count, OperatorStructure.PositiveSemidefinite)
    {
        (_geometry, _ridge, _compute) = (geometry, ridge, compute);
        int blocks = (geometry.Count + KernelGeometry.BlockRows - 1) / KernelGeometry.BlockRows;
        _kept = new Tensor<double>?[blocks];
        _isKept = new bool[blocks];
        // The longest rows are kept: they cost the most to compute again for each byte that bookkeeping takes.
        for (int block = blocks - 1; block >= 0 && memoryBytes >= Bytes(block); block--)
        {
            _isKept[block] = true;
            memoryBytes -= Bytes(block);
        }
    }

    /// <inheritdoc/>
    public override double BlockCostPerVector => 0.1;

    /// <inheritdoc/>
    protected override void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        int parts = _compute.Threads, count = x.Rows, n = Rows;
        Tensor<double> from = new(count, n);
        x.CopyTo(from.AsMatrix());
        Tensor<double>[] sums = [.. Enumerable.Range(0, parts).Select(_ => new Tensor<double>(count, n))];
        _compute.ForEachPart(parts, part => AddBlocks(part, from, sums[part]));
        for (int i = 0; i < count; i++)
        {
            System.Numerics.Tensors.TensorPrimitives.Multiply(from.Row(i), _ridge, y.Row(i));
            foreach (Tensor<double> sum in sums)
                System.Numerics.Tensors.TensorPrimitives.Add(y.Row(i), sum.Row(i), y.Row(i));
        }
    }

    /// <inheritdoc/>
    protected override void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => ApplyCore(x, y);

    private long Bytes(int block) => sizeof(double) * (long)Height(block) * ((block * KernelGeometry.BlockRows) + Height(block));

    private int Height(int block) => Math.Min(KernelGeometry.BlockRows, Rows - (block * KernelGeometry.BlockRows));

    // Every part takes every so-manieth block row, so that short and long ones spread evenly.
    private void AddBlocks(int part, Tensor<double> x, Tensor<double> sum)
    {
        double[] scratch = [];
        for (int block = part; block < _kept.Length; block += _compute.Threads)
        {
            int start = block * KernelGeometry.BlockRows, height = Height(block), width = start + height;
            if (_isKept[block])
            {
                _kept[block] ??= ComputeKept(start, height, width);
                AddBlock(_kept[block]!.AsMatrix(), start, x, sum);
                continue;
            }
            if (scratch.Length == 0)
                scratch = new double[KernelGeometry.BlockRows * Rows];
            MatrixSpan<double> values = new(scratch, height, width);
            _geometry.Values(_geometry.Points, start, values);
            AddBlock(values, start, x, sum);
        }
    }

    private Tensor<double> ComputeKept(int start, int height, int width)
    {
        Tensor<double> values = new(height, width);
        _geometry.Values(_geometry.Points, start, values.AsMatrix());
        return values;
    }

    private void AddBlock(ReadOnlyMatrixSpan<double> values, int start, Tensor<double> x, Tensor<double> sum)
    {
        ReadOnlyMatrixSpan<double> from = x.AsMatrix();
        MatrixSpan<double> to = sum.AsMatrix();
        _compute.Blas.Multiply(1.0, from.ColumnRange(0, values.Columns), MatrixOp.None, values, MatrixOp.Transpose, 1.0, to.ColumnRange(start, values.Rows));
        if (start > 0)
            _compute.Blas.Multiply(1.0, from.ColumnRange(start, values.Rows), MatrixOp.None, values.ColumnRange(0, start), MatrixOp.None, 1.0, to.ColumnRange(0, start));
    }
}
