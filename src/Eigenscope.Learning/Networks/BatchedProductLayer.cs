using System.Numerics;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Networks;

/// <summary>
/// Y_b = A_b B_b for rows [A | B] that hold a batch of matrices A_b (rows × inner) and then as many B_b (inner × columns), row-major: the products of two activations in attention, a batch entry for each head.
/// The tangent is Ȧ B + A Ḃ, the pullback of δ is (δ Bᵀ, Aᵀ δ), and its derivative at fixed δ is (δ Ḃᵀ, Ȧᵀ δ).
/// </summary>
public sealed class BatchedProductLayer : Layer
{
    internal BatchedProductLayer(string name, int batches, int rows, int inner, int columns)
        : base(name, checked(batches * inner * (rows + columns)), checked(batches * rows * columns))
    {
        if (Math.Min(Math.Min(batches, rows), Math.Min(inner, columns)) < 1)
            throw new ArgumentException($"layer '{name}' expects extents of at least 1, got {batches} products of {rows} × {inner} and {inner} × {columns}", nameof(batches));
        (Batches, Rows, Inner, Columns) = (batches, rows, inner, columns);
    }

    /// <summary>Number of products per sample.</summary>
    public int Batches { get; }

    /// <summary>Rows of every A and Y.</summary>
    public int Rows { get; }

    /// <summary>Columns of every A, rows of every B.</summary>
    public int Inner { get; }

    /// <summary>Columns of every B and Y.</summary>
    public int Columns { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterBlock> Parameters => [];

    /// <inheritdoc/>
    public override bool IsPiecewiseLinear => false;

    internal override bool ValueInPlace => false;

    internal override bool TangentInPlace => false;

    internal override int StashSize => 0;

    internal override void Value<T>(BlasBackend blas, ReadOnlySpan<T> parameters, ReadOnlyMatrixSpan<T> x, MatrixSpan<T> y, Span<T> stash, bool keep) => Multiply(blas, x, x, T.Zero, y);

    internal override void Tangent<T>(BlasBackend blas, ReadOnlySpan<T> parameters, ParameterTangent<T> direction, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> dx, MatrixSpan<T> dy)
    {
        Multiply(blas, dx, slice.Input, T.Zero, dy);
        Multiply(blas, slice.Input, dx, T.One, dy);
    }

    internal override void Pullback<T>(BlasBackend blas, ReadOnlySpan<T> parameters, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> outputCotangent, MatrixSpan<T> inputCotangent, ParameterGradient<T> wanted) =>
        PullBack(blas, outputCotangent, slice.Input, T.Zero, inputCotangent);

    internal override void AddCurvature<T>(BlasBackend blas, ParameterTangent<T> direction, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> dx, MatrixSpan<T> inputCotangent, ParameterGradient<T> wanted)
    {
        if (dx.Rows > 0)
            PullBack(blas, slice.OutputCotangent, dx, T.One, inputCotangent);
    }

    // Y ← A B + β Y with A of one set of rows and B of another.
    private void Multiply<T>(BlasBackend blas, ReadOnlyMatrixSpan<T> first, ReadOnlyMatrixSpan<T> second, T beta, MatrixSpan<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int sample = 0; sample < y.Rows; sample++)
        {
            for (int b = 0; b < Batches; b++)
                blas.Multiply(T.One, Left(first.Row(sample), b), MatrixOp.None, Right(second.Row(sample), b), MatrixOp.None, beta, Product(y.Row(sample), b));
        }
    }

    // (δ Bᵀ, Aᵀ δ) + β times what is there.
    private void PullBack<T>(BlasBackend blas, ReadOnlyMatrixSpan<T> cotangent, ReadOnlyMatrixSpan<T> x, T beta, MatrixSpan<T> below)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int sample = 0; sample < below.Rows; sample++)
        {
            for (int b = 0; b < Batches; b++)
            {
                ReadOnlyMatrixSpan<T> delta = new(cotangent.Row(sample).Slice(b * Rows * Columns, Rows * Columns), Rows, Columns);
                MatrixSpan<T> left = new(below.Row(sample).Slice(b * Rows * Inner, Rows * Inner), Rows, Inner);
                MatrixSpan<T> right = new(below.Row(sample).Slice(RightStart(b), Inner * Columns), Inner, Columns);
                blas.Multiply(T.One, delta, MatrixOp.None, Right(x.Row(sample), b), MatrixOp.Transpose, beta, left);
                blas.Multiply(T.One, Left(x.Row(sample), b), MatrixOp.Transpose, delta, MatrixOp.None, beta, right);
            }
        }
    }

    private int RightStart(int batch) => (Batches * Rows * Inner) + (batch * Inner * Columns);

    private ReadOnlyMatrixSpan<T> Left<T>(ReadOnlySpan<T> row, int batch)
        where T : unmanaged => new(row.Slice(batch * Rows * Inner, Rows * Inner), Rows, Inner);

    private ReadOnlyMatrixSpan<T> Right<T>(ReadOnlySpan<T> row, int batch)
        where T : unmanaged => new(row.Slice(RightStart(batch), Inner * Columns), Inner, Columns);

    private MatrixSpan<T> Product<T>(Span<T> row, int batch)
        where T : unmanaged => new(row.Slice(batch * Rows * Columns, Rows * Columns), Rows, Columns);
}
