using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Networks;

/// <summary>
/// A dense layer, y = x Wᵀ + b for samples as rows; W is (outputs × inputs). With several positions, as of tokens or of pixels, a row is that many rows of inputs side by side, and the same W and b act on each.
/// </summary>
public sealed class DenseLayer : BilinearLayer
{
    private readonly int _inputs;
    private readonly int _outputs;

    internal DenseLayer(string name, ParameterBlock weight, ParameterBlock? bias, int firstBlockIndex, int positions = 1)
        : base(name, checked(weight.Shape[1] * positions), checked(weight.Shape[0] * positions), weight, bias, firstBlockIndex)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(positions, 1);
        (_outputs, _inputs) = (weight.Shape[0], weight.Shape[1]);
        Positions = positions;
    }

    /// <summary>Number of places of one sample that the layer acts on with the same weight; 1 (usual) where its input is one vector. With more, a sample's gradient in W is a sum of outer products and no longer one.</summary>
    public int Positions { get; }

    private protected override void Product<T>(BlasBackend blas, ReadOnlyMatrixSpan<T> x, ReadOnlySpan<T> weight, T beta, MatrixSpan<T> y)
    {
        int chunk = RowsAtOnce<T>(x, y);
        for (int row = 0; row < x.Rows; row += chunk)
            blas.Multiply(T.One, Places(x, row, chunk, _inputs), MatrixOp.None, View(weight), MatrixOp.Transpose, beta, Places(y, row, chunk, _outputs));
    }

    private protected override void PullInput<T>(BlasBackend blas, ReadOnlyMatrixSpan<T> outputCotangent, ReadOnlySpan<T> weight, T beta, MatrixSpan<T> inputCotangent)
    {
        int chunk = RowsAtOnce<T>(outputCotangent, inputCotangent);
        for (int row = 0; row < outputCotangent.Rows; row += chunk)
            blas.Multiply(T.One, Places(outputCotangent, row, chunk, _outputs), MatrixOp.None, View(weight), MatrixOp.None, beta, Places(inputCotangent, row, chunk, _inputs));
    }

    private protected override void PullWeight<T>(BlasBackend blas, ReadOnlyMatrixSpan<T> outputCotangent, ReadOnlyMatrixSpan<T> x, Span<T> gradient)
    {
        int chunk = RowsAtOnce(outputCotangent, x);
        for (int row = 0; row < x.Rows; row += chunk)
            blas.Multiply(T.One, Places(outputCotangent, row, chunk, _outputs), MatrixOp.Transpose, Places(x, row, chunk, _inputs), MatrixOp.None, T.One, new MatrixSpan<T>(gradient, _outputs, _inputs));
    }

    private protected override void AddBias<T>(ReadOnlySpan<T> bias, MatrixSpan<T> y)
    {
        int chunk = RowsAtOnce<T>(y, y);
        for (int row = 0; row < y.Rows; row += chunk)
            AddToRows(bias, Places(y, row, chunk, _outputs));
    }

    private protected override void PullBias<T>(ReadOnlyMatrixSpan<T> outputCotangent, Span<T> gradient)
    {
        int chunk = RowsAtOnce(outputCotangent, outputCotangent);
        for (int row = 0; row < outputCotangent.Rows; row += chunk)
            SumRows(Places(outputCotangent, row, chunk, _outputs), gradient);
    }

    // With one position rows are taken as they lie. With several, all rows make one matrix where they follow each other without a gap, and otherwise each makes one.
    private int RowsAtOnce<T>(ReadOnlyMatrixSpan<T> a, ReadOnlyMatrixSpan<T> b)
        where T : unmanaged => Positions == 1 || (a.Stride == a.Columns && b.Stride == b.Columns) ? Math.Max(1, a.Rows) : 1;

    private ReadOnlyMatrixSpan<T> Places<T>(ReadOnlyMatrixSpan<T> rows, int first, int count, int width)
        where T : unmanaged => Positions == 1 ? rows : new(rows.RowRange(first, count).Data, count * Positions, width);

    private MatrixSpan<T> Places<T>(MatrixSpan<T> rows, int first, int count, int width)
        where T : unmanaged => Positions == 1 ? rows : new(rows.RowRange(first, count).Data, count * Positions, width);

    private ReadOnlyMatrixSpan<T> View<T>(ReadOnlySpan<T> weight)
        where T : unmanaged => new(weight, _outputs, _inputs);
}
