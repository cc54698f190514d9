using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Eigenscope.Numerics.Tensors;

/// <summary>
/// A writable row-major view of <see cref="Rows"/> × <see cref="Columns"/> entries; entry (i, j) lies at
/// <c>i · Stride + j</c> of the span. Views own nothing and never copy.
/// </summary>
/// <typeparam name="T">Entry type, <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly ref struct MatrixSpan<T>
    where T : unmanaged
{
    /// <summary>Views <paramref name="data"/> as a contiguous matrix.</summary>
    /// <param name="data">Storage of at least <c>rows · columns</c> entries.</param>
    /// <param name="rows">Number of rows, ≥ 0.</param>
    /// <param name="columns">Number of columns, ≥ 0.</param>
    public MatrixSpan(Span<T> data, int rows, int columns)
        : this(data, rows, columns, columns)
    {
    }

    /// <summary>Views <paramref name="data"/> as a matrix whose rows lie <paramref name="stride"/> entries apart.</summary>
    /// <param name="data">Storage that reaches to the last entry of the last row.</param>
    /// <param name="rows">Number of rows, ≥ 0.</param>
    /// <param name="columns">Number of columns, ≥ 0.</param>
    /// <param name="stride">Distance between rows, ≥ <paramref name="columns"/>.</param>
    /// <exception cref="ArgumentException">The span is too short for the shape, or the stride is below the column count.</exception>
    public MatrixSpan(Span<T> data, int rows, int columns, int stride)
    {
        Data = data[..MatrixShape.Check(data.Length, rows, columns, stride)];
        Rows = rows;
        Columns = columns;
        Stride = stride;
    }

    /// <summary>The storage, from the first entry to the last one of the last row.</summary>
    public Span<T> Data { get; }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of columns.</summary>
    public int Columns { get; }

    /// <summary>Distance between the starts of two consecutive rows, in entries.</summary>
    public int Stride { get; }

    /// <summary>Entry at the given row and column.</summary>
    /// <param name="row">Row index from 0.</param>
    /// <param name="column">Column index from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such entry.</exception>
    public ref T this[int row, int column]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((uint)row >= (uint)Rows || (uint)column >= (uint)Columns)
                MatrixShape.ThrowOutside(row, column, Rows, Columns);
            return ref Data[(row * Stride) + column];
        }
    }

    /// <summary>Reads a writable view as a read-only one.</summary>
    /// <param name="matrix">The view.</param>
    public static implicit operator ReadOnlyMatrixSpan<T>(MatrixSpan<T> matrix) =>
        new(matrix.Data, matrix.Rows, matrix.Columns, matrix.Stride);

    /// <summary>One row as a span of <see cref="Columns"/> entries.</summary>
    /// <param name="row">Row index from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such row.</exception>
    public Span<T> Row(int row)
    {
        if ((uint)row >= (uint)Rows)
            MatrixShape.ThrowOutside(row, 0, Rows, Columns);
        return Columns == 0 ? [] : Data.Slice(row * Stride, Columns);
    }

    /// <summary>The rows <paramref name="start"/> … <paramref name="start"/> + <paramref name="count"/> − 1.</summary>
    /// <param name="start">First row.</param>
    /// <param name="count">Number of rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range leaves the matrix.</exception>
    public MatrixSpan<T> RowRange(int start, int count)
    {
        MatrixShape.CheckRange(start, count, Rows);
        return count == 0 || Columns == 0 ? new([], count, Columns, Stride) : new(Data.Slice(start * Stride, ((count - 1) * Stride) + Columns), count, Columns, Stride);
    }

    /// <summary>The columns <paramref name="start"/> … <paramref name="start"/> + <paramref name="count"/> − 1.</summary>
    /// <param name="start">First column.</param>
    /// <param name="count">Number of columns.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range leaves the matrix.</exception>
    public MatrixSpan<T> ColumnRange(int start, int count)
    {
        MatrixShape.CheckRange(start, count, Columns);
        return count == 0 || Rows == 0 ? new([], Rows, count, Stride) : new(Data.Slice(start, ((Rows - 1) * Stride) + count), Rows, count, Stride);
    }

    /// <summary>Sets every entry to zero.</summary>
    public void Clear()
    {
        for (int i = 0; i < Rows; i++)
            Row(i).Clear();
    }
}

/// <summary>A read-only row-major view; see <see cref="MatrixSpan{T}"/>.</summary>
/// <typeparam name="T">Entry type, <see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly ref struct ReadOnlyMatrixSpan<T>
    where T : unmanaged
{
    /// <summary>Views <paramref name="data"/> as a contiguous matrix.</summary>
    /// <param name="data">Storage of at least <c>rows · columns</c> entries.</param>
    /// <param name="rows">Number of rows, ≥ 0.</param>
    /// <param name="columns">Number of columns, ≥ 0.</param>
    public ReadOnlyMatrixSpan(ReadOnlySpan<T> data, int rows, int columns)
        : this(data, rows, columns, columns)
    {
    }

    /// <summary>Views <paramref name="data"/> as a matrix whose rows lie <paramref name="stride"/> entries apart.</summary>
    /// <param name="data">Storage that reaches to the last entry of the last row.</param>
    /// <param name="rows">Number of rows, ≥ 0.</param>
    /// <param name="columns">Number of columns, ≥ 0.</param>
    /// <param name="stride">Distance between rows, ≥ <paramref name="columns"/>.</param>
    /// <exception cref="ArgumentException">The span is too short for the shape, or the stride is below the column count.</exception>
    public ReadOnlyMatrixSpan(ReadOnlySpan<T> data, int rows, int columns, int stride)
    {
        Data = data[..MatrixShape.Check(data.Length, rows, columns, stride)];
        Rows = rows;
        Columns = columns;
        Stride = stride;
    }

    /// <summary>The storage, from the first entry to the last one of the last row.</summary>
    public ReadOnlySpan<T> Data { get; }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of columns.</summary>
    public int Columns { get; }

    /// <summary>Distance between the starts of two consecutive rows, in entries.</summary>
    public int Stride { get; }

    /// <summary>Entry at the given row and column.</summary>
    /// <param name="row">Row index from 0.</param>
    /// <param name="column">Column index from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such entry.</exception>
    public ref readonly T this[int row, int column]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((uint)row >= (uint)Rows || (uint)column >= (uint)Columns)
                MatrixShape.ThrowOutside(row, column, Rows, Columns);
            return ref Data[(row * Stride) + column];
        }
    }

    /// <summary>One row as a span of <see cref="Columns"/> entries.</summary>
    /// <param name="row">Row index from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such row.</exception>
    public ReadOnlySpan<T> Row(int row)
    {
        if ((uint)row >= (uint)Rows)
            MatrixShape.ThrowOutside(row, 0, Rows, Columns);
        return Columns == 0 ? [] : Data.Slice(row * Stride, Columns);
    }

    /// <summary>The rows <paramref name="start"/> … <paramref name="start"/> + <paramref name="count"/> − 1.</summary>
    /// <param name="start">First row.</param>
    /// <param name="count">Number of rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range leaves the matrix.</exception>
    public ReadOnlyMatrixSpan<T> RowRange(int start, int count)
    {
        MatrixShape.CheckRange(start, count, Rows);
        return count == 0 || Columns == 0 ? new([], count, Columns, Stride) : new(Data.Slice(start * Stride, ((count - 1) * Stride) + Columns), count, Columns, Stride);
    }

    /// <summary>The columns <paramref name="start"/> … <paramref name="start"/> + <paramref name="count"/> − 1.</summary>
    /// <param name="start">First column.</param>
    /// <param name="count">Number of columns.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range leaves the matrix.</exception>
    public ReadOnlyMatrixSpan<T> ColumnRange(int start, int count)
    {
        MatrixShape.CheckRange(start, count, Columns);
        return count == 0 || Rows == 0 ? new([], Rows, count, Stride) : new(Data.Slice(start, ((Rows - 1) * Stride) + count), Rows, count, Stride);
    }

    /// <summary>Copies the entries into <paramref name="destination"/>.</summary>
    /// <param name="destination">A view of the same shape.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public void CopyTo(MatrixSpan<T> destination)
    {
        if (destination.Rows != Rows || destination.Columns != Columns)
            throw new ArgumentException($"expected a {Rows} × {Columns} destination, got {destination.Rows} × {destination.Columns}", nameof(destination));
        for (int i = 0; i < Rows; i++)
            Row(i).CopyTo(destination.Row(i));
    }
}

/// <summary>The one place where shapes and indices of matrix views are checked.</summary>
internal static class MatrixShape
{
    /// <summary>Checks a shape against its storage and returns the number of entries that the view spans.</summary>
    public static int Check(int length, int rows, int columns, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, columns);
        long needed = rows == 0 || columns == 0 ? 0 : ((long)(rows - 1) * stride) + columns;
        if (length < needed)
            throw new ArgumentException($"a {rows} × {columns} view with stride {stride} needs {needed} entries, the storage has {length}", nameof(length));
        return (int)needed;
    }

    public static void CheckRange(int start, int count, int extent)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (start > extent - count)
            throw new ArgumentOutOfRangeException(nameof(start), start, $"the range of {count} from {start} leaves the {extent} lines of the matrix");
    }

    [DoesNotReturn]
    public static void ThrowOutside(int row, int column, int rows, int columns)
    {
        if ((uint)row >= (uint)rows)
            throw new ArgumentOutOfRangeException(nameof(row), row, $"the matrix has {rows} rows");
        throw new ArgumentOutOfRangeException(nameof(column), column, $"the matrix has {columns} columns");
    }
}
