using System.Numerics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Execution;

/// <summary>
/// Where computing happens: the dense kernels and the number of threads. It is passed to everything that computes, and it is the only place where
/// work is spread over threads. Work is cut into a number of parts that depends on <see cref="Threads"/> alone, never on how busy the machine is, and partial sums are
/// added in the order of the parts: the same seed, thread count and backend give the same bits.
/// </summary>
public sealed class Compute
{
    // Below this many multiply-adds a product is not worth waking another thread for (about 20 µs of work).
    private const long ParallelThreshold = 1 << 20;
    private readonly ParallelOptions _options;

    /// <summary>Creates a context.</summary>
    /// <param name="blas">The dense kernels.</param>
    /// <param name="threads">Number of threads, ≥ 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is below 1.</exception>
    public Compute(BlasBackend blas, int threads)
    {
        ArgumentNullException.ThrowIfNull(blas);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Blas = blas;
        Threads = threads;
        _options = new ParallelOptions { MaxDegreeOfParallelism = threads };
    }

    /// <summary>The dense kernels; each call runs on the calling thread.</summary>
    public BlasBackend Blas { get; }

    /// <summary>Number of threads, and of parts that work is cut into.</summary>
    public int Threads { get; }

    /// <summary>Runs <paramref name="body"/> for 0 … <paramref name="count"/> − 1, at most <see cref="Threads"/> at a time, and returns when all have ended.</summary>
    /// <param name="count">Number of parts.</param>
    /// <param name="body">The work of one part; parts must not write to the same memory.</param>
    public void ForEachPart(int count, Action<int> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        if (count <= 1 || Threads == 1)
        {
            for (int part = 0; part < count; part++)
                body(part);
            return;
        }
        try
        {
            Parallel.For(0, count, _options, body);
        }
        catch (AggregateException several)
        {
            // The caller sees the same exception whatever the number of threads.
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }
    }

    /// <summary>The half-open range of items that part <paramref name="part"/> of <paramref name="parts"/> owns; ranges differ in length by at most one.</summary>
    /// <param name="items">Number of items.</param>
    /// <param name="part">Part index from 0.</param>
    /// <param name="parts">Number of parts.</param>
    public static (int Start, int Count) PartRange(int items, int part, int parts)
    {
        int start = (int)((long)items * part / parts);
        int end = (int)((long)items * (part + 1) / parts);
        return (start, end - start);
    }

    /// <summary><see cref="BlasBackend.Multiply{T}"/> over all threads: the longer side of the result is cut into parts.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="alpha">Factor of the product.</param>
    /// <param name="a">A, m × k after <paramref name="opA"/>.</param>
    /// <param name="opA">Whether A is transposed.</param>
    /// <param name="b">B, k × n after <paramref name="opB"/>.</param>
    /// <param name="opB">Whether B is transposed.</param>
    /// <param name="beta">Factor of C's old content.</param>
    /// <param name="c">C, m × n; must overlap neither A nor B.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public unsafe void Multiply<T>(T alpha, ReadOnlyMatrixSpan<T> a, MatrixOp opA, ReadOnlyMatrixSpan<T> b, MatrixOp opB, T beta, MatrixSpan<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        BlasBackend.RequireProduct(a, opA, b, opB, c);
        long inner = opA == MatrixOp.None ? a.Columns : a.Rows;
        if (Threads == 1 || inner * c.Rows * c.Columns < ParallelThreshold || Math.Max(c.Rows, c.Columns) < Threads)
        {
            Blas.Multiply(alpha, a, opA, b, opB, beta, c);
            return;
        }
        // A ref struct cannot enter a closure: pin the storage and rebuild the views inside each part.
        fixed (T* pa = &MemoryMarshal.GetReference(a.Data), pb = &MemoryMarshal.GetReference(b.Data), pc = &MemoryMarshal.GetReference(c.Data))
        {
            Pinned<T> va = new(pa, a), vb = new(pb, b), vc = new(pc, c);
            bool byRows = c.Rows >= c.Columns;
            ForEachPart(Threads, part =>
            {
                (int start, int count) = PartRange(byRows ? vc.Rows : vc.Columns, part, Threads);
                if (byRows)
                    Blas.Multiply(alpha, Slice(va.View, opA == MatrixOp.None, start, count), opA, vb.View, opB, beta, vc.View.RowRange(start, count));
                else
                    Blas.Multiply(alpha, va.View, opA, Slice(vb.View, opB == MatrixOp.Transpose, start, count), opB, beta, vc.View.ColumnRange(start, count));
            });
        }
    }

    private static ReadOnlyMatrixSpan<T> Slice<T>(MatrixSpan<T> matrix, bool rows, int start, int count)
        where T : unmanaged =>
        rows ? matrix.RowRange(start, count) : matrix.ColumnRange(start, count);

    private readonly unsafe struct Pinned<T>(T* data, int length, int rows, int columns, int stride)
        where T : unmanaged
    {
        public Pinned(T* data, ReadOnlyMatrixSpan<T> view)
            : this(data, view.Data.Length, view.Rows, view.Columns, view.Stride)
        {
        }

        public int Rows => rows;

        public int Columns => columns;

        public MatrixSpan<T> View => new(new Span<T>(data, length), rows, columns, stride);
    }
}
