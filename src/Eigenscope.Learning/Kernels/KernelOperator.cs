using System.Numerics;
using System.Runtime.InteropServices;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Kernels;

/// <summary>
/// K + μI of n points by products, the matrix never formed as a whole: block rows of its lower triangle are computed in double precision when needed and serve both triangles, and those that the store given has room for are kept in it.
/// </summary>
/// <typeparam name="T">Precision in which blocks are kept and multiplied: <see cref="double"/>, or <see cref="float"/> for an approximation that takes half the memory.</typeparam>
internal sealed class KernelOperator<T> : LinearOperator
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly KernelGeometry _geometry;
    private readonly double _ridge;
    private readonly Compute _compute;
    private readonly T[] _store;
    private readonly double[][] _blocks;
    private readonly T[]?[] _converted;
    private readonly int _blockRows;
    private readonly int[] _offsets;
    private readonly bool[] _isKept;

    public KernelOperator(KernelGeometry geometry, double ridge, T[] store, double[][] blocks, int blockRows, Compute compute)
        : base(geometry.Count, geometry.Count, OperatorStructure.PositiveSemidefinite)
    {
        (_geometry, _ridge, _store, _blocks, _blockRows, _compute) = (geometry, ridge, store, blocks, blockRows, compute);
        int count = (geometry.Count + blockRows - 1) / blockRows, used = 0;
        _offsets = new int[count];
        _isKept = new bool[count];
        _converted = new T[compute.Threads][];
        for (int block = 0; block < count; block++)
        {
            long length = (long)Height(block) * Width(block);
            _offsets[block] = store.Length - used >= length ? used : -1;
            used += _offsets[block] >= 0 ? (int)length : 0;
        }
    }

    /// <inheritdoc/>
    public override double BlockCostPerVector => 0.1;

    /// <summary>Entries of all block rows.</summary>
    public static long Entries(int points, int blockRows) => (long)points * (points + blockRows) / 2;

    /// <inheritdoc/>
    protected override void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        int parts = _compute.Threads, count = x.Rows, n = Rows;
        Tensor<T> from = new(count, n);
        double[] units = new double[count];
        double[] sum = new double[n];
        for (int i = 0; i < count; i++)
        {
            // By a power of two, which is exact: what single precision could not hold would become an infinity or nothing.
            units[i] = Unit(x.Row(i));
            TensorPrimitives.Divide(x.Row(i), units[i], sum);
            TensorPrimitives.ConvertTruncating<double, T>(sum, from.Row(i));
        }
        Tensor<T>[] sums = [.. Enumerable.Range(0, parts).Select(_ => new Tensor<T>(count, n))];
        _compute.ForEachPart(parts, part => AddBlocks(part, from, sums[part]));
        for (int i = 0; i < count; i++)
        {
            TensorPrimitives.Multiply(x.Row(i), _ridge, y.Row(i));
            foreach (Tensor<T> partial in sums)
            {
                TensorPrimitives.ConvertTruncating<T, double>(partial.Row(i), sum);
                TensorPrimitives.MultiplyAdd(sum, units[i], y.Row(i), y.Row(i));
            }
        }
    }

    /// <inheritdoc/>
    protected override void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => ApplyCore(x, y);

    private static double Unit(ReadOnlySpan<double> row)
    {
        double largest = Math.Abs(TensorPrimitives.MaxMagnitude(row));
        return largest > 0.0 && double.IsFinite(largest) ? Math.ScaleB(1.0, Math.ILogB(largest)) : 1.0;
    }

    private int Width(int block) => (block * _blockRows) + Height(block);

    private int Height(int block) => Math.Min(_blockRows, Rows - (block * _blockRows));

    // Every part takes every so-manieth block row, so that short and long ones spread evenly.
    private void AddBlocks(int part, Tensor<T> x, Tensor<T> sum)
    {
        for (int block = part; block < _offsets.Length; block += _compute.Threads)
        {
            int start = block * _blockRows, height = Height(block), width = Width(block);
            Span<T> values = Room(part, block, height * width);
            if (!_isKept[block])
            {
                Span<double> exact = _blocks[part].AsSpan(0, height * width);
                _geometry.Values(_geometry.Points, start, new MatrixSpan<double>(exact, height, width));
                if (typeof(T) != typeof(double) || _offsets[block] >= 0)
                    TensorPrimitives.ConvertTruncating<double, T>(exact, values);
                _isKept[block] = _offsets[block] >= 0;
            }
            AddBlock(new MatrixSpan<T>(values, height, width), start, x, sum);
        }
    }

    // Where a block's values are kept, or where they are for now: as they were computed, or converted beside that.
    private Span<T> Room(int part, int block, int length)
    {
        if (_offsets[block] >= 0)
            return _store.AsSpan(_offsets[block], length);
        if (typeof(T) == typeof(double))
            return MemoryMarshal.Cast<double, T>(_blocks[part].AsSpan(0, length));
        return (_converted[part] ??= new T[_blockRows * Rows]).AsSpan(0, length);
    }

    private void AddBlock(ReadOnlyMatrixSpan<T> values, int start, Tensor<T> x, Tensor<T> sum)
    {
        ReadOnlyMatrixSpan<T> from = x.AsMatrix();
        MatrixSpan<T> to = sum.AsMatrix();
        _compute.Blas.Multiply(T.One, from.ColumnRange(0, values.Columns), MatrixOp.None, values, MatrixOp.Transpose, T.One, to.ColumnRange(start, values.Rows));
        if (start > 0)
            _compute.Blas.Multiply(T.One, from.ColumnRange(start, values.Rows), MatrixOp.None, values.ColumnRange(0, start), MatrixOp.None, T.One, to.ColumnRange(0, start));
    }
}
