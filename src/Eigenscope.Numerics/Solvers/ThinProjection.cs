using System.Numerics.Tensors;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Solvers;

/// <summary>
/// Takes an orthonormal basis out of a few long vectors. With as few rows as a Lanczos block has, a general matrix product spends its time on copying the basis into its own layout; here the basis is read
/// twice and nothing is copied. Columns are split over threads, partial inner products are added in order.
/// </summary>
internal sealed unsafe class ThinProjection(Compute compute)
{
    /// <summary>With more vectors than this a general matrix product is faster.</summary>
    public const int MostRows = 8;

    // Short enough for the block's and one basis vector's panel to stay in the first-level cache.
    private const int PanelColumns = 512;
    private const long SmallestParallel = 1 << 16;
    private double[] _partial = [];

    /// <summary>coefficients ← block · basisᵀ, block ← block − coefficients · basis.</summary>
    public void Run(ReadOnlyMatrixSpan<double> basis, MatrixSpan<double> block, MatrixSpan<double> coefficients)
    {
        int parts = (long)basis.Rows * basis.Columns < SmallestParallel ? 1 : compute.Threads;
        int entries = block.Rows * basis.Rows;
        if (_partial.Length < parts * entries)
            _partial = new double[parts * entries];
        _partial.AsSpan(0, parts * entries).Clear();
        fixed (double* from = basis.Data, vectors = block.Data, sums = _partial)
        {
            Views views = new(from, basis.Stride, basis.Rows, vectors, block.Stride, block.Rows, basis.Columns);
            double* partial = sums;
            compute.ForEachPart(parts, part => AddInner(views, Compute.PartRange(views.Columns, part, parts), partial + ((long)part * entries)));
            for (int part = 1; part < parts; part++)
                TensorPrimitives.Add(_partial.AsSpan(0, entries), _partial.AsSpan(part * entries, entries), _partial.AsSpan(0, entries));
            compute.ForEachPart(parts, part => Subtract(views, Compute.PartRange(views.Columns, part, parts), partial));
        }
        for (int i = 0; i < block.Rows; i++)
            _partial.AsSpan(i * basis.Rows, basis.Rows).CopyTo(coefficients.Row(i));
    }

    private static void AddInner(in Views views, (int Start, int Count) range, double* sums)
    {
        for (int done = 0; done < range.Count; done += PanelColumns)
        {
            int start = range.Start + done, count = Math.Min(PanelColumns, range.Count - done);
            for (int k = 0; k < views.BasisRows; k++)
            {
                ReadOnlySpan<double> unit = views.Basis(k, start, count);
                for (int i = 0; i < views.BlockRows; i++)
                    sums[(i * views.BasisRows) + k] += TensorPrimitives.Dot(unit, views.Block(i, start, count));
            }
        }
    }

    private static void Subtract(in Views views, (int Start, int Count) range, double* coefficients)
    {
        for (int done = 0; done < range.Count; done += PanelColumns)
        {
            int start = range.Start + done, count = Math.Min(PanelColumns, range.Count - done);
            for (int k = 0; k < views.BasisRows; k++)
            {
                ReadOnlySpan<double> unit = views.Basis(k, start, count);
                for (int i = 0; i < views.BlockRows; i++)
                {
                    Span<double> vector = views.Block(i, start, count);
                    TensorPrimitives.MultiplyAdd(unit, -coefficients[(i * views.BasisRows) + k], vector, vector);
                }
            }
        }
    }

    // Spans cannot enter a closure.
    private readonly struct Views
    {
        private readonly double* _basis;
        private readonly double* _block;
        private readonly long _basisStride;
        private readonly long _blockStride;

        public Views(double* basis, int basisStride, int basisRows, double* block, int blockStride, int blockRows, int columns)
        {
            _basis = basis;
            _block = block;
            (_basisStride, _blockStride) = (basisStride, blockStride);
            (BasisRows, BlockRows, Columns) = (basisRows, blockRows, columns);
        }

        public int BasisRows { get; }

        public int BlockRows { get; }

        public int Columns { get; }

        public ReadOnlySpan<double> Basis(int row, int start, int count) => new(_basis + (row * _basisStride) + start, count);

        public Span<double> Block(int row, int start, int count) => new(_block + (row * _blockStride) + start, count);
    }
}
