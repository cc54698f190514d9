using System.Buffers;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Theory.ClassMeans;

/// <summary>
/// F Fᵀ by its products: entry ((c, i), (c', j)) is (A_c A_c'ᵀ)_ij ⟨μ_c, μ_c'⟩. A product costs 2 r d_out + K² d_out multiply-adds for r rows, and no matrix of order r is held.
/// </summary>
internal sealed class KroneckerGramOperator : LinearOperator
{
    private const double BlockCost = 0.2;
    private readonly KroneckerFactor _factor;
    private readonly Tensor<double> _means;
    private readonly Compute _compute;

    public KroneckerGramOperator(KroneckerFactor factor, Compute compute)
        : base(factor.Rows, factor.Rows, OperatorStructure.PositiveSemidefinite)
    {
        (_factor, _compute) = (factor, compute);
        Tensor<double> features = factor.Layer.Features;
        _means = new Tensor<double>(features.Rows, features.Rows);
        compute.Multiply(1.0, features.AsMatrix(), MatrixOp.None, features.AsMatrix(), MatrixOp.Transpose, 0.0, _means.AsMatrix());
    }

    public override double BlockCostPerVector => BlockCost;

    protected override void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        int classes = _factor.Layer.Classes;
        int outputs = _factor.Layer.Outputs;
        int length = classes * x.Rows * outputs;
        double[] buffer = ArrayPool<double>.Shared.Rent(2 * length);
        MatrixSpan<double> backward = new(buffer.AsSpan(0, length), classes, x.Rows * outputs);
        MatrixSpan<double> mixed = new(buffer.AsSpan(length, length), classes, x.Rows * outputs);
        for (int c = 0; c < classes; c++)
        {
            (int start, int count) = _factor.Range(c);
            _compute.Multiply(1.0, x.ColumnRange(start, count), MatrixOp.None, _factor.Block(c), MatrixOp.None, 0.0, new MatrixSpan<double>(backward.Row(c), x.Rows, outputs));
        }
        _compute.Multiply(1.0, _means.AsMatrix(), MatrixOp.None, backward, MatrixOp.None, 0.0, mixed);
        for (int c = 0; c < classes; c++)
        {
            (int start, int count) = _factor.Range(c);
            _compute.Multiply(1.0, new ReadOnlyMatrixSpan<double>(mixed.Row(c), x.Rows, outputs), MatrixOp.None, _factor.Block(c), MatrixOp.Transpose, 0.0, y.ColumnRange(start, count));
        }
        ArrayPool<double>.Shared.Return(buffer);
    }

    protected override void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => ApplyCore(x, y);
}
