using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Tests.Tensors;

public sealed class MatrixSpanTests
{
    private static double[] Counting(int count) => [.. Enumerable.Range(0, count).Select(i => (double)i)];

    [Fact]
    public void Entries_lie_row_after_row_at_the_stride()
    {
        MatrixSpan<double> view = new(Counting(20), 3, 4, 6);
        Assert.Equal(8.0, view[1, 2]);
        Assert.Equal([12.0, 13.0, 14.0, 15.0], view.Row(2).ToArray());
        view[2, 3] = -1.0;
        Assert.Equal(-1.0, view.Data[15]);
        Assert.Equal(16, view.Data.Length);
    }

    [Fact]
    public void Ranges_view_the_same_storage()
    {
        double[] data = Counting(20);
        MatrixSpan<double> part = new MatrixSpan<double>(data, 4, 5).RowRange(1, 2).ColumnRange(2, 3);
        Assert.Equal((2, 3, 5), (part.Rows, part.Columns, part.Stride));
        Assert.Equal([12.0, 13.0, 14.0], part.Row(1).ToArray());
        part.Clear();
        Assert.Equal([5.0, 6.0, 0.0, 0.0, 0.0, 10.0, 11.0, 0.0, 0.0, 0.0, 15.0], data[5..16]);
        ReadOnlyMatrixSpan<double> same = new ReadOnlyMatrixSpan<double>(Counting(20), 4, 5).RowRange(1, 2).ColumnRange(2, 3);
        Assert.Equal(14.0, same[1, 2]);
    }

    [Fact]
    public void Empty_ranges_keep_their_shape()
    {
        MatrixSpan<double> view = new(Counting(20), 4, 5);
        Assert.Equal((4, 0), (view.ColumnRange(5, 0).Rows, view.ColumnRange(5, 0).Columns));
        Assert.Equal((0, 5), (view.RowRange(4, 0).Rows, view.RowRange(4, 0).Columns));
        Assert.Equal((2, 0), (view.ColumnRange(0, 0).RowRange(1, 2).Rows, view.ColumnRange(0, 0).RowRange(1, 2).Columns));
    }

    [Fact]
    public void Shapes_that_do_not_fit_the_storage_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Shape(Counting(11), 3, 4, 4));
        Assert.Throws<ArgumentException>(() => Shape(Counting(15), 3, 4, 6));
        Assert.Throws<ArgumentOutOfRangeException>(() => Shape(Counting(11), -1, 4, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => Shape(Counting(11), 1, -4, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => Shape(Counting(11), 1, 4, 3));
        Assert.Throws<ArgumentException>(() => Shape([], 50_000, 50_000, 50_000));
    }

    [Fact]
    public void Indices_outside_are_refused_even_where_storage_goes_on()
    {
        (int Row, int Column)[] outside = [(-1, 0), (3, 0), (0, -1), (0, 4), (int.MaxValue, 1)];
        Assert.All(outside, at => Assert.Throws<ArgumentOutOfRangeException>(() => View()[at.Row, at.Column]));
        Assert.All(outside, at => Assert.Throws<ArgumentOutOfRangeException>(() => ReadOnlyView()[at.Row, at.Column]));
        Assert.Throws<ArgumentOutOfRangeException>(() => View().Row(3).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => ReadOnlyView().Row(-1).Length);
        (int Start, int Count)[] ranges = [(0, 5), (4, 1), (-1, 2), (1, -1), (1, int.MaxValue)];
        Assert.All(ranges, range => Assert.Throws<ArgumentOutOfRangeException>(() => View().RowRange(range.Start, range.Count).Rows));
        Assert.All(ranges, range => Assert.Throws<ArgumentOutOfRangeException>(() => View().ColumnRange(range.Start, range.Count).Rows));
        Assert.All(ranges, range => Assert.Throws<ArgumentOutOfRangeException>(() => ReadOnlyView().RowRange(range.Start, range.Count).Rows));
        Assert.All(ranges, range => Assert.Throws<ArgumentOutOfRangeException>(() => ReadOnlyView().ColumnRange(range.Start, range.Count).Rows));
    }

    [Fact]
    public void Copies_need_the_same_shape()
    {
        double[] target = new double[12];
        ReadOnlyView().CopyTo(new MatrixSpan<double>(target, 3, 4));
        Assert.Equal([0.0, 1.0, 2.0, 3.0, 6.0, 7.0, 8.0, 9.0, 12.0, 13.0, 14.0, 15.0], target);
        Assert.Equal("destination", Assert.Throws<ArgumentException>(() => ReadOnlyView().CopyTo(new MatrixSpan<double>(target, 4, 3))).ParamName);
    }

    private static MatrixSpan<double> View() => new(Counting(40), 3, 4, 6);

    private static ReadOnlyMatrixSpan<double> ReadOnlyView() => new(Counting(40), 3, 4, 6);

    private static void Shape(double[] data, int rows, int columns, int stride)
    {
        MatrixSpan<double> writable = new(data, rows, columns, stride);
        ReadOnlyMatrixSpan<double> readOnly = new(data, rows, columns, stride);
        Assert.Equal(writable.Rows, readOnly.Rows);
    }
}
