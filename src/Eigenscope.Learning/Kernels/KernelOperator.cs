using System.Numerics;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Kernels;

/// <summary>
/// K + μI of n points by products, the matrix never formed as a whole: block rows of its lower triangle are computed in double precision when needed and serve both triangles, and those that the memory holds are kept.
/// </summary>
/// <typeparam name="T">Precision in which blocks are kept and multiplied: <see cref="double"/>, or <see cref="float"/> for an approximation that takes half the memory.</typeparam>
internal sealed class KernelOperator<T> : LinearOperator
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly KernelGeometry _geometry;
    private readonly double _ridge;
    private readonly Compute _compute;
    private readonly Tensor<T>?[] _kept;
    private readonly bool[] _isKept;

    public KernelOperator(KernelGeometry geometry, double ridge, long memoryBytes, Compute compute)
        : base(geometry.Count, geometry.Count, OperatorStructure.PositiveSemidefinite)
    {
        (_geometry, _ridge, _compute) = (geometry, ridge, compute);
        int blocks = (geometry.Count + KernelGeometry.BlockRows - 1) / KernelGeometry.BlockRows;
        _kept = new Tensor<T>?[blocks];
        _isKept = new bool[blocks];
        for (int block = blocks - 1; block >= 0 && memoryBytes >= Bytes(block); block--)
        {
            _isKept[block] = true;
            memoryBytes -= Bytes(block);
        }
    }

    /// <inheritdoc/>
    public override double BlockCostPerVector => 0.1;

    /// <summary>Bytes that all block rows take.</summary>
    public static unsafe long TotalBytes(int points) => sizeof(T) * ((long)points * (points + KernelGeometry.BlockRows) / 2);

    /// <inheritdoc/>
    protected override void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        int parts = _compute.Threads, count = x.Rows, n = Rows;
        Tensor<T> from = new(count, n);
        for (int i = 0; i < count; i++)
            TensorPrimitives.ConvertTruncating<double, T>(x.Row(i), from.Row(i));
        Tensor<T>[] sums = [.. Enumerable.Range(0, parts).Select(_ => new Tensor<T>(count, n))];
        _compute.ForEachPart(parts, part => AddBlocks(part, from, sums[part]));
        double[] sum = new double[n];
        for (int i = 0; i < count; i++)
        {
            TensorPrimitives.Multiply(x.Row(i), _ridge, y.Row(i));
            foreach (Tensor<T> partial in sums)
            {
                TensorPrimitives.ConvertTruncating<T, double>(partial.Row(i), sum);
                TensorPrimitives.Add(y.Row(i), sum, y.Row(i));
            }
        }
    }

    /// <inheritdoc/>
    protected override void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => ApplyCore(x, y);

    private unsafe long Bytes(int block) => sizeof(T) * (long)Height(block) * ((block * KernelGeometry.BlockRows) + Height(block));

    private int Height(int block) => Math.Min(KernelGeometry.BlockRows, Rows - (block * KernelGeometry.BlockRows));

    // Every part takes every so-manieth block row, so that short and long ones spread evenly.
    private void AddBlocks(int part, Tensor<T> x, Tensor<T> sum)
    {
        double[] scratch = [];
        T[] converted = [];
        for (int block = part; block < _kept.Length; block += _compute.Threads)
        {
            int start = block * KernelGeometry.BlockRows, height = Height(block), width = start + height;
            if (_kept[block] is null)
            {
                Grow(ref scratch, height * width);
                _geometry.Values(_geometry.Points, start, new MatrixSpan<double>(scratch, height, width));
                if (_isKept[block])
                    _kept[block] = new Tensor<T>(height, width);
                else
                    Grow(ref converted, height * width);
                TensorPrimitives.ConvertTruncating<double, T>(scratch.AsSpan(0, height * width), _kept[block] is { } room ? room.Span : converted);
            }
            AddBlock(_kept[block] is { } kept ? kept.AsMatrix() : new MatrixSpan<T>(converted, height, width), start, x, sum);
        }
    }

    private void AddBlock(ReadOnlyMatrixSpan<T> values, int start, Tensor<T> x, Tensor<T> sum)
    {
        ReadOnlyMatrixSpan<T> from = x.AsMatrix();
        MatrixSpan<T> to = sum.AsMatrix();
        _compute.Blas.Multiply(T.One, from.ColumnRange(0, values.Columns), MatrixOp.None, values, MatrixOp.Transpose, T.One, to.ColumnRange(start, values.Rows));
        if (start > 0)
            _compute.Blas.Multiply(T.One, from.ColumnRange(start, values.Rows), MatrixOp.None, values.ColumnRange(0, start), MatrixOp.None, T.One, to.ColumnRange(0, start));
    }

    private void Grow<TEntry>(ref TEntry[] buffer, int length)
    {
        if (buffer.Length < length)
            buffer = new TEntry[KernelGeometry.BlockRows * Rows];
    }
}
