using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Solvers;

/// <summary>
/// Takes orthonormal vectors out of a few long ones. With as few rows as a Lanczos block has, a general matrix product spends its time on copying the basis into its own layout; here the basis is read
/// in place, once for the inner products and once for the update, four vectors at a time so that memory and not arithmetic sets the pace. Columns are split over threads, partial inner products are added in order.
/// </summary>
internal sealed unsafe class ThinProjection(Compute compute)
{
    /// <summary>With more vectors than this a general matrix product is faster.</summary>
    public const int MostRows = 8;

    // Basis vectors taken together: each number loaded of the block serves this many of them.
    private const int Together = 4;

    // Two pages of each basis vector in a row, and the block's panel stays in the cache while the basis passes by.
    private const int PanelColumns = 1024;
    private const long SmallestParallel = 1 << 16;
    private double[] _partial = [];
    private nint[] _rows = [];

    /// <summary>coefficients ← block · basisᵀ, block ← block − coefficients · basis.</summary>
    public void Run(ReadOnlyMatrixSpan<double> basis, MatrixSpan<double> block, MatrixSpan<double> coefficients)
    {
        if (basis.Rows == 0 || block.Rows == 0)
            return;
        fixed (double* from = basis.Data, vectors = block.Data)
        {
            Span<nint> rows = Reserve(basis.Rows, block.Rows);
            for (int k = 0; k < rows.Length; k++)
                rows[k] = (nint)(from + ((long)Math.Min(k, basis.Rows - 1) * basis.Stride));
            fixed (nint* pointers = rows)
            fixed (double* sums = _partial)
            {
                Views views = new((double**)pointers, rows.Length, vectors, block.Stride, block.Rows, basis.Columns);
                Multiply(views, sums);
                Copy(sums, rows.Length, coefficients);
                ClearPadding(views, sums, basis.Rows);
                Subtract(views, sums);
            }
        }
    }

    /// <summary>block ← block − coefficients · basis, over those basis vectors alone whose coefficients exceed a threshold somewhere; the others' coefficients are set to zero.</summary>
    public void Subtract(ReadOnlyMatrixSpan<double> basis, MatrixSpan<double> block, MatrixSpan<double> coefficients, double threshold)
    {
        if (basis.Rows == 0 || block.Rows == 0)
            return;
        fixed (double* from = basis.Data, vectors = block.Data)
        {
            Span<nint> rows = Reserve(basis.Rows, block.Rows);
            int used = 0;
            for (int k = 0; k < basis.Rows; k++)
            {
                if (LargestOf(coefficients, k) > threshold)
                    rows[used++] = k;
                else
                    ClearColumn(coefficients, k);
            }
            if (used == 0)
                return;
            rows = rows[..Padded(used)];
            rows[used..].Fill(rows[used - 1]);
            fixed (nint* pointers = rows)
            fixed (double* factors = _partial)
            {
                Views views = new((double**)pointers, rows.Length, vectors, block.Stride, block.Rows, basis.Columns);
                Gather(coefficients, rows, factors);
                ClearPadding(views, factors, used);
                for (int k = 0; k < rows.Length; k++)
                    rows[k] = (nint)(from + (rows[k] * basis.Stride));
                Subtract(views, factors);
            }
        }
    }

    private static int Padded(int rows) => (rows + Together - 1) / Together * Together;

    private static double LargestOf(ReadOnlyMatrixSpan<double> coefficients, int column)
    {
        double largest = 0;
        for (int i = 0; i < coefficients.Rows; i++)
            largest = Math.Max(largest, Math.Abs(coefficients[i, column]));
        return largest;
    }

    private static void ClearColumn(MatrixSpan<double> coefficients, int column)
    {
        for (int i = 0; i < coefficients.Rows; i++)
            coefficients[i, column] = 0;
    }

    private static void Gather(ReadOnlyMatrixSpan<double> coefficients, ReadOnlySpan<nint> columns, double* factors)
    {
        for (int i = 0; i < coefficients.Rows; i++)
        {
            for (int k = 0; k < columns.Length; k++)
                factors[((long)i * columns.Length) + k] = coefficients[i, (int)columns[k]];
        }
    }

    private static void Copy(double* sums, int stride, MatrixSpan<double> coefficients)
    {
        for (int i = 0; i < coefficients.Rows; i++)
            new ReadOnlySpan<double>(sums + ((long)i * stride), coefficients.Columns).CopyTo(coefficients.Row(i));
    }

    // The last vector stands in for those missing to a full group.
    private static void ClearPadding(in Views views, double* factors, int rows)
    {
        for (int i = 0; i < views.BlockRows; i++)
            new Span<double>(factors + ((long)i * views.BasisRows) + rows, views.BasisRows - rows).Clear();
    }

    private Span<nint> Reserve(int basisRows, int blockRows)
    {
        int rows = Padded(basisRows);
        if (_rows.Length < rows)
            _rows = new nint[rows];
        if (_partial.Length < compute.Threads * blockRows * rows)
            _partial = new double[compute.Threads * blockRows * rows];
        return _rows.AsSpan(0, rows);
    }

    private int Parts(in Views views) => (long)views.BasisRows * views.Columns < SmallestParallel ? 1 : compute.Threads;

    private void Multiply(Views views, double* sums)
    {
        int parts = Parts(views);
        int entries = views.BlockRows * views.BasisRows;
        new Span<double>(sums, parts * entries).Clear();
        compute.ForEachPart(parts, part => AddInner(views, Compute.PartRange(views.Columns, part, parts), sums + ((long)part * entries)));
        for (int part = 1; part < parts; part++)
            TensorPrimitives.Add(new ReadOnlySpan<double>(sums, entries), new ReadOnlySpan<double>(sums + ((long)part * entries), entries), new Span<double>(sums, entries));
    }

    private void Subtract(Views views, double* factors)
    {
        int parts = Parts(views);
        compute.ForEachPart(parts, part => SubtractRange(views, Compute.PartRange(views.Columns, part, parts), factors));
    }

    private static void AddInner(in Views views, (int Start, int Count) range, double* sums)
    {
        for (int done = 0; done < range.Count; done += PanelColumns)
        {
            int start = range.Start + done, count = Math.Min(PanelColumns, range.Count - done);
            for (int k = 0; k < views.BasisRows; k += Together)
            {
                for (int i = 0; i < views.BlockRows; i += 2)
                {
                    double* first = sums + ((long)i * views.BasisRows) + k;
                    if (i + 1 < views.BlockRows)
                        AddInner(views.Basis + k, views.Block(i) + start, views.Block(i + 1) + start, start, count, first, first + views.BasisRows);
                    else
                        AddInner(views.Basis + k, views.Block(i) + start, start, count, first);
                }
            }
        }
    }

    // From the last panel back: what the inner products read last is still in the cache.
    private static void SubtractRange(in Views views, (int Start, int Count) range, double* factors)
    {
        for (int end = range.Count; end > 0; end -= PanelColumns)
        {
            int count = Math.Min(PanelColumns, end), start = range.Start + end - count;
            for (int k = 0; k < views.BasisRows; k += Together)
            {
                for (int i = 0; i < views.BlockRows; i++)
                    Subtract(views.Basis + k, views.Block(i) + start, start, count, factors + ((long)i * views.BasisRows) + k);
            }
        }
    }

    private static void AddInner(double** basis, double* x, double* y, int start, int count, double* sumsX, double* sumsY)
    {
        double* a = basis[0] + start, b = basis[1] + start, c = basis[2] + start, d = basis[3] + start;
        Vector256<double> ax = default, bx = default, cx = default, dx = default, ay = default, by = default, cy = default, dy = default;
        int j = 0;
        for (; j <= count - Vector256<double>.Count; j += Vector256<double>.Count)
        {
            Vector256<double> vx = Vector256.Load(x + j), vy = Vector256.Load(y + j), v = Vector256.Load(a + j);
            ax = Vector256.FusedMultiplyAdd(v, vx, ax);
            ay = Vector256.FusedMultiplyAdd(v, vy, ay);
            v = Vector256.Load(b + j);
            bx = Vector256.FusedMultiplyAdd(v, vx, bx);
            by = Vector256.FusedMultiplyAdd(v, vy, by);
            v = Vector256.Load(c + j);
            cx = Vector256.FusedMultiplyAdd(v, vx, cx);
            cy = Vector256.FusedMultiplyAdd(v, vy, cy);
            v = Vector256.Load(d + j);
            dx = Vector256.FusedMultiplyAdd(v, vx, dx);
            dy = Vector256.FusedMultiplyAdd(v, vy, dy);
        }
        Store(sumsX, Vector256.Sum(ax), Vector256.Sum(bx), Vector256.Sum(cx), Vector256.Sum(dx));
        Store(sumsY, Vector256.Sum(ay), Vector256.Sum(by), Vector256.Sum(cy), Vector256.Sum(dy));
        for (; j < count; j++)
        {
            Store(sumsX, a[j] * x[j], b[j] * x[j], c[j] * x[j], d[j] * x[j]);
            Store(sumsY, a[j] * y[j], b[j] * y[j], c[j] * y[j], d[j] * y[j]);
        }
    }

    private static void AddInner(double** basis, double* x, int start, int count, double* sums)
    {
        double* a = basis[0] + start, b = basis[1] + start, c = basis[2] + start, d = basis[3] + start;
        Vector256<double> ax = default, bx = default, cx = default, dx = default, ay = default, by = default, cy = default, dy = default;
        int j = 0;
        for (; j <= count - (2 * Vector256<double>.Count); j += 2 * Vector256<double>.Count)
        {
            int next = j + Vector256<double>.Count;
            Vector256<double> vx = Vector256.Load(x + j), vy = Vector256.Load(x + next);
            ax = Vector256.FusedMultiplyAdd(Vector256.Load(a + j), vx, ax);
            ay = Vector256.FusedMultiplyAdd(Vector256.Load(a + next), vy, ay);
            bx = Vector256.FusedMultiplyAdd(Vector256.Load(b + j), vx, bx);
            by = Vector256.FusedMultiplyAdd(Vector256.Load(b + next), vy, by);
            cx = Vector256.FusedMultiplyAdd(Vector256.Load(c + j), vx, cx);
            cy = Vector256.FusedMultiplyAdd(Vector256.Load(c + next), vy, cy);
            dx = Vector256.FusedMultiplyAdd(Vector256.Load(d + j), vx, dx);
            dy = Vector256.FusedMultiplyAdd(Vector256.Load(d + next), vy, dy);
        }
        Store(sums, Vector256.Sum(ax + ay), Vector256.Sum(bx + by), Vector256.Sum(cx + cy), Vector256.Sum(dx + dy));
        for (; j < count; j++)
            Store(sums, a[j] * x[j], b[j] * x[j], c[j] * x[j], d[j] * x[j]);
    }

    private static void Store(double* sums, double a, double b, double c, double d)
    {
        sums[0] += a;
        sums[1] += b;
        sums[2] += c;
        sums[3] += d;
    }

    private static void Subtract(double** basis, double* x, int start, int count, double* factors)
    {
        double* a = basis[0] + start, b = basis[1] + start, c = basis[2] + start, d = basis[3] + start;
        double fa = -factors[0], fb = -factors[1], fc = -factors[2], fd = -factors[3];
        Vector256<double> va = Vector256.Create(fa), vb = Vector256.Create(fb), vc = Vector256.Create(fc), vd = Vector256.Create(fd);
        int j = 0;
        for (; j <= count - Vector256<double>.Count; j += Vector256<double>.Count)
        {
            Vector256<double> v = Vector256.FusedMultiplyAdd(va, Vector256.Load(a + j), Vector256.Load(x + j));
            v = Vector256.FusedMultiplyAdd(vb, Vector256.Load(b + j), v);
            v = Vector256.FusedMultiplyAdd(vc, Vector256.Load(c + j), v);
            Vector256.FusedMultiplyAdd(vd, Vector256.Load(d + j), v).Store(x + j);
        }
        for (; j < count; j++)
            x[j] = Math.FusedMultiplyAdd(fd, d[j], Math.FusedMultiplyAdd(fc, c[j], Math.FusedMultiplyAdd(fb, b[j], Math.FusedMultiplyAdd(fa, a[j], x[j]))));
    }

    // Spans cannot enter a closure.
    private readonly struct Views
    {
        private readonly double* _block;
        private readonly long _blockStride;

        public Views(double** basis, int basisRows, double* block, int blockStride, int blockRows, int columns)
        {
            Basis = basis;
            _block = block;
            _blockStride = blockStride;
            (BasisRows, BlockRows, Columns) = (basisRows, blockRows, columns);
        }

        /// <summary>Where each vector of the basis starts.</summary>
        public double** Basis { get; }

        public int BasisRows { get; }

        public int BlockRows { get; }

        public int Columns { get; }

        public double* Block(int row) => _block + (row * _blockStride);
    }
}
