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
        MatrixShape.Check(data.Length, rows, columns, stride);
        Data = data;
        Rows = rows;
        Columns = columns;
        Stride = stride;
    }

    /// <summary>The storage, from the first entry.</summary>
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
    public ref T this[int row, int column]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Data[(row * Stride) + column];
    }

    /// <summary>Reads a writable view as a read-only one.</summary>
    /// <param name="matrix">The view.</param>
    public static implicit operator ReadOnlyMatrixSpan<T>(MatrixSpan<T> matrix) =>
        new(matrix.Data, matrix.Rows, matrix.Columns, matrix.Stride);

    /// <summary>One row as a span of <see cref="Columns"/> entries.</summary>
    /// <param name="row">Row index from 0.</param>
    public Span<T> Row(int row) => Data.Slice(row * Stride, Columns);

    /// <summary>The rows <paramref name="start"/> … <paramref name="start"/> + <paramref name="count"/> − 1.</summary>
    /// <param name="start">First row.</param>
    /// <param name="count">Number of rows.</param>
    public MatrixSpan<T> RowRange(int start, int count) =>
        count == 0 ? new([], 0, Columns, Stride) : new(Data.Slice(start * Stride, ((count - 1) * Stride) + Columns), count, Columns, Stride);

    /// <summary>The columns <paramref name="start"/> … <paramref name="start"/> + <paramref name="count"/> − 1.</summary>
    /// <param name="start">First column.</param>
    /// <param name="count">Number of columns.</param>
    public MatrixSpan<T> ColumnRange(int start, int count) =>
        Rows == 0 ? new([], 0, count, Stride) : new(Data.Slice(start, ((Rows - 1) * Stride) + count), Rows, count, Stride);

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
        MatrixShape.Check(data.Length, rows, columns, stride);
        Data = data;
        Rows = rows;
        Columns = columns;
        Stride = stride;
    }

    /// <summary>The storage, from the first entry.</summary>
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
    public ref readonly T this[int row, int column]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Data[(row * Stride) + column];
    }

    /// <summary>One row as a span of <see cref="Columns"/> entries.</summary>
    /// <param name="row">Row index from 0.</param>
    public ReadOnlySpan<T> Row(int row) => Data.Slice(row * Stride, Columns);

    /// <summary>The rows <paramref name="start"/> … <paramref name="start"/> + <paramref name="count"/> − 1.</summary>
    /// <param name="start">First row.</param>
    /// <param name="count">Number of rows.</param>
    public ReadOnlyMatrixSpan<T> RowRange(int start, int count) =>
        count == 0 ? new([], 0, Columns, Stride) : new(Data.Slice(start * Stride, ((count - 1) * Stride) + Columns), count, Columns, Stride);

    /// <summary>The columns <paramref name="start"/> … <paramref name="start"/> + <paramref name="count"/> − 1.</summary>
    /// <param name="start">First column.</param>
    /// <param name="count">Number of columns.</param>
    public ReadOnlyMatrixSpan<T> ColumnRange(int start, int count) =>
        Rows == 0 ? new([], 0, count, Stride) : new(Data.Slice(start, ((Rows - 1) * Stride) + count), Rows, count, Stride);

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

/// <summary>The one place where a matrix view's shape is checked against its storage.</summary>
internal static class MatrixShape
{
    public static void Check(int length, int rows, int columns, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, columns);
        long needed = rows == 0 || columns == 0 ? 0 : ((long)(rows - 1) * stride) + columns;
        if (length < needed)
            throw new ArgumentException($"a {rows} × {columns} view with stride {stride} needs {needed} entries, the storage has {length}", nameof(length));
    }
}
