using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Networks;

/// <summary>A dense layer, y = x Wᵀ + b for samples as rows; W is (outputs × inputs).</summary>
public sealed class DenseLayer : BilinearLayer
{
    internal DenseLayer(string name, ParameterBlock weight, ParameterBlock? bias, int firstBlockIndex)
        : base(name, weight.Shape[1], weight.Shape[0], weight, bias, firstBlockIndex)
    {
    }

    private protected override void Product<T>(BlasBackend blas, ReadOnlyMatrixSpan<T> x, ReadOnlySpan<T> weight, T beta, MatrixSpan<T> y) =>
        blas.Multiply(T.One, x, MatrixOp.None, View(weight), MatrixOp.Transpose, beta, y);

    private protected override void PullInput<T>(BlasBackend blas, ReadOnlyMatrixSpan<T> outputCotangent, ReadOnlySpan<T> weight, T beta, MatrixSpan<T> inputCotangent) =>
        blas.Multiply(T.One, outputCotangent, MatrixOp.None, View(weight), MatrixOp.None, beta, inputCotangent);

    private protected override void PullWeight<T>(BlasBackend blas, ReadOnlyMatrixSpan<T> outputCotangent, ReadOnlyMatrixSpan<T> x, Span<T> gradient) =>
        blas.Multiply(T.One, outputCotangent, MatrixOp.Transpose, x, MatrixOp.None, T.One, new MatrixSpan<T>(gradient, OutputSize, InputSize));

    private protected override void AddBias<T>(ReadOnlySpan<T> bias, MatrixSpan<T> y) => AddToRows(bias, y);

    private protected override void PullBias<T>(ReadOnlyMatrixSpan<T> outputCotangent, Span<T> gradient) => SumRows(outputCotangent, gradient);

    private ReadOnlyMatrixSpan<T> View<T>(ReadOnlySpan<T> weight)
        where T : unmanaged => new(weight, OutputSize, InputSize);
}
