using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Blas.Managed;

/// <summary>
/// C ← α op(A) op(B) + β C. Large products follow Goto and van de Geijn ("Anatomy of high-performance matrix multiplication", TOMS 2008): both operands are copied, block by block, into
/// panels in the order in which the register kernel reads them, so that one kernel serves all transpositions. Thin and tiny products are not worth the copying and go row by row.
/// </summary>
internal static unsafe class ManagedGemm
{
    // A 6 × 2-vector tile needs 12 accumulators, two vectors of B and a broadcast of A: 15 of the 16 registers of AVX2.
    private const int TileRows = 6;

    // In bytes, so that both precisions fill the caches alike: a panel of B (depth × 2 vectors) stays in the first level, the block of A in the second.
    private const int DepthBytes = 2048;
    private const int BlockRows = 120;
    private const int BlockColumns = 1024;

    // Below this many multiply-adds, or with this few rows or columns, copying into panels costs more than it saves (measured).
    private const long DirectVolume = 12 * 12 * 12;
    private const int DirectSide = 2;

    public static void Multiply<T>(T alpha, ReadOnlyMatrixSpan<T> a, MatrixOp opA, ReadOnlyMatrixSpan<T> b, MatrixOp opB, T beta, MatrixSpan<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int inner = opA == MatrixOp.None ? a.Columns : a.Rows;
        if (inner == 0 || alpha == T.Zero)
            Scale(beta, c);
        else if (c.Rows <= DirectSide || (long)c.Rows * c.Columns * inner <= DirectVolume)
            ByRows(alpha, a, opA, b, opB, beta, c);
        else if (c.Columns <= DirectSide)
            ByColumns(alpha, a, opA, b, opB, beta, c);
        else
            Blocked(alpha, a, opA, b, opB, beta, c, inner);
    }

    private static void Scale<T>(T beta, MatrixSpan<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < c.Rows; i++)
            ScaleRow(beta, c.Row(i));
    }

    private static void ScaleRow<T>(T beta, Span<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (beta == T.Zero)
            row.Clear();
        else if (beta != T.One)
            System.Numerics.Tensors.TensorPrimitives.Multiply(row, beta, row);
    }

    /// <summary>Each row of C on its own: sums of rows of B, or dot products with them when B is transposed.</summary>
    private static void ByRows<T>(T alpha, ReadOnlyMatrixSpan<T> a, MatrixOp opA, ReadOnlyMatrixSpan<T> b, MatrixOp opB, T beta, MatrixSpan<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int inner = opB == MatrixOp.None ? b.Rows : b.Columns;
        T[] buffer = ArrayPool<T>.Shared.Rent(inner);
        Span<T> gathered = buffer.AsSpan(0, inner);
        for (int i = 0; i < c.Rows; i++)
        {
            Span<T> row = c.Row(i);
            ReadOnlySpan<T> left = opA == MatrixOp.None ? a.Row(i) : GatherColumn(a, i, gathered);
            ScaleRow(beta, row);
            if (opB == MatrixOp.None)
            {
                for (int p = 0; p < inner; p++)
                    VectorLoops.AddScaled(alpha * left[p], b.Row(p), row);
            }
            else
            {
                for (int j = 0; j < row.Length; j++)
                    row[j] += alpha * VectorLoops.Dot(left, b.Row(j));
            }
        }
        ArrayPool<T>.Shared.Return(buffer);
    }

    /// <summary>A result of few columns as the transpose of a result of few rows.</summary>
    private static void ByColumns<T>(T alpha, ReadOnlyMatrixSpan<T> a, MatrixOp opA, ReadOnlyMatrixSpan<T> b, MatrixOp opB, T beta, MatrixSpan<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] buffer = ArrayPool<T>.Shared.Rent(c.Rows * c.Columns);
        MatrixSpan<T> transposed = new(buffer, c.Columns, c.Rows);
        ByRows(alpha, b, Flip(opB), a, Flip(opA), T.Zero, transposed);
        for (int i = 0; i < c.Rows; i++)
        {
            Span<T> row = c.Row(i);
            ScaleRow(beta, row);
            for (int j = 0; j < row.Length; j++)
                row[j] += transposed[j, i];
        }
        ArrayPool<T>.Shared.Return(buffer);
    }

    private static MatrixOp Flip(MatrixOp op) => op == MatrixOp.None ? MatrixOp.Transpose : MatrixOp.None;

    private static ReadOnlySpan<T> GatherColumn<T>(ReadOnlyMatrixSpan<T> a, int column, Span<T> destination)
        where T : unmanaged
    {
        for (int p = 0; p < destination.Length; p++)
            destination[p] = a.Data[(p * a.Stride) + column];
        return destination;
    }

    private static void Blocked<T>(T alpha, ReadOnlyMatrixSpan<T> a, MatrixOp opA, ReadOnlyMatrixSpan<T> b, MatrixOp opB, T beta, MatrixSpan<T> c, int inner)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int tileColumns = 2 * Vector<T>.Count, depthLimit = DepthBytes / sizeof(T);
        int panelColumns = RoundUp(Math.Min(c.Columns, BlockColumns), tileColumns), panelRows = RoundUp(Math.Min(c.Rows, BlockRows), TileRows);
        T[] packedA = ArrayPool<T>.Shared.Rent(panelRows * Math.Min(inner, depthLimit)), packedB = ArrayPool<T>.Shared.Rent(panelColumns * Math.Min(inner, depthLimit));
        for (int column = 0; column < c.Columns; column += BlockColumns)
        {
            int columns = Math.Min(BlockColumns, c.Columns - column);
            for (int start = 0; start < inner; start += depthLimit)
            {
                int depth = Math.Min(depthLimit, inner - start);
                GemmPacking.Pack(b, opB == MatrixOp.Transpose, column, columns, start, depth, tileColumns, packedB);
                for (int row = 0; row < c.Rows; row += BlockRows)
                {
                    int rows = Math.Min(BlockRows, c.Rows - row);
                    GemmPacking.Pack(a, opA == MatrixOp.None, row, rows, start, depth, TileRows, packedA);
                    MultiplyBlock(alpha, packedA, packedB, depth, start == 0 ? beta : T.One, c.RowRange(row, rows).ColumnRange(column, columns));
                }
            }
        }
        ArrayPool<T>.Shared.Return(packedA);
        ArrayPool<T>.Shared.Return(packedB);
    }

    private static int RoundUp(int value, int unit) => (value + unit - 1) / unit * unit;

    private static void MultiplyBlock<T>(T alpha, T[] packedA, T[] packedB, int depth, T beta, MatrixSpan<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int tileColumns = 2 * Vector<T>.Count;
        T* tile = stackalloc T[TileRows * tileColumns];
        fixed (T* pa = packedA, pb = packedB, pc = &MemoryMarshal.GetReference(c.Data))
        {
            for (int column = 0; column < c.Columns; column += tileColumns)
            {
                for (int row = 0; row < c.Rows; row += TileRows)
                {
                    MultiplyTile(depth, pa + (row * depth), pb + (column * depth), tile);
                    T* target = pc + ((nint)row * c.Stride) + column;
                    Merge(alpha, tile, Math.Min(TileRows, c.Rows - row), Math.Min(tileColumns, c.Columns - column), beta, target, c.Stride);
                }
            }
        }
    }

    /// <summary>tile (6 × 2 vectors) ← a panel of A (depth × 6) times a panel of B (depth × 2 vectors); unrolled, for the accumulators to stay in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyTile<T>(int depth, T* a, T* b, T* tile)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int lanes = Vector<T>.Count;
        Vector<T> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default;
        Vector<T> c30 = default, c31 = default, c40 = default, c41 = default, c50 = default, c51 = default;
        for (int p = 0; p < depth; p++)
        {
            Vector<T> b0 = *(Vector<T>*)b, b1 = *(Vector<T>*)(b + lanes);
            Vector<T> x = new(a[0]);
            c00 = VectorLoops.MultiplyAdd(x, b0, c00);
            c01 = VectorLoops.MultiplyAdd(x, b1, c01);
            x = new(a[1]);
            c10 = VectorLoops.MultiplyAdd(x, b0, c10);
            c11 = VectorLoops.MultiplyAdd(x, b1, c11);
            x = new(a[2]);
            c20 = VectorLoops.MultiplyAdd(x, b0, c20);
            c21 = VectorLoops.MultiplyAdd(x, b1, c21);
            x = new(a[3]);
            c30 = VectorLoops.MultiplyAdd(x, b0, c30);
            c31 = VectorLoops.MultiplyAdd(x, b1, c31);
            x = new(a[4]);
            c40 = VectorLoops.MultiplyAdd(x, b0, c40);
            c41 = VectorLoops.MultiplyAdd(x, b1, c41);
            x = new(a[5]);
            c50 = VectorLoops.MultiplyAdd(x, b0, c50);
            c51 = VectorLoops.MultiplyAdd(x, b1, c51);
            a += TileRows;
            b += 2 * lanes;
        }
        Vector<T>* rows = (Vector<T>*)tile;
        (rows[0], rows[1], rows[2], rows[3]) = (c00, c01, c10, c11);
        (rows[4], rows[5], rows[6], rows[7]) = (c20, c21, c30, c31);
        (rows[8], rows[9], rows[10], rows[11]) = (c40, c41, c50, c51);
    }

    private static void Merge<T>(T alpha, T* tile, int rows, int columns, T beta, T* c, int stride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int lanes = Vector<T>.Count;
        for (int i = 0; i < rows; i++, c += stride, tile += 2 * lanes)
        {
            if (columns == 2 * lanes)
            {
                MergeVector(alpha, tile, beta, c);
                MergeVector(alpha, tile + lanes, beta, c + lanes);
                continue;
            }
            for (int j = 0; j < columns; j++)
                c[j] = beta == T.Zero ? alpha * tile[j] : T.FusedMultiplyAdd(alpha, tile[j], beta * c[j]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MergeVector<T>(T alpha, T* tile, T beta, T* c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Vector<T> product = *(Vector<T>*)tile;
        *(Vector<T>*)c = beta == T.Zero ? new Vector<T>(alpha) * product : VectorLoops.MultiplyAdd(new Vector<T>(alpha), product, new Vector<T>(beta) * *(Vector<T>*)c);
    }
}
