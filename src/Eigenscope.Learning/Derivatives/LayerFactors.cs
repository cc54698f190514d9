using System.Numerics;
using System.Numerics.Tensors;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Derivatives;

/// <summary>
/// The Jacobians of every sample's logits in the output of one layer, N × K × d. With the layer's input they are all that a Gauss–Newton product of the layer's parameters needs:
/// two matrix products and one pass over this array. The Hessian's block is the same where every layer above is piecewise linear.
/// </summary>
internal sealed class LayerFactors<T>(int layer, int samples, int outputs, int columns)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] _jacobians = new T[samples * outputs * columns];

    /// <summary>Index of the layer in the network.</summary>
    public int Layer { get; } = layer;

    public Span<T> Slice(int start, int count) => _jacobians.AsSpan(start * outputs * columns, count * outputs * columns);

    /// <summary>Row i of the logits ← J_{start+i} times row i of t.</summary>
    public void Multiply(int start, ReadOnlyMatrixSpan<T> t, MatrixSpan<T> logits)
    {
        for (int i = 0; i < t.Rows; i++)
        {
            for (int k = 0; k < outputs; k++)
                logits[i, k] = TensorPrimitives.Dot(Row(start + i, k), t.Row(i));
        }
    }

    /// <summary>Row i of t ← J_{start+i}ᵀ times row i of the logits.</summary>
    public void MultiplyAdjoint(int start, ReadOnlyMatrixSpan<T> logits, MatrixSpan<T> t)
    {
        for (int i = 0; i < t.Rows; i++)
        {
            Span<T> row = t.Row(i);
            TensorPrimitives.Multiply(Row(start + i, 0), logits[i, 0], row);
            for (int k = 1; k < outputs; k++)
                TensorPrimitives.MultiplyAdd(Row(start + i, k), logits[i, k], row, row);
        }
    }

    private ReadOnlySpan<T> Row(int sample, int output) => _jacobians.AsSpan(((sample * outputs) + output) * columns, columns);
}

/// <summary>Gauss–Newton block of one layer's weight or bias, from cached factors.</summary>
internal sealed class LayerGaussNewtonOperator<T>(TypedLinearization<T> linearization, ParameterScope scope, LayerFactors<T> factors)
    : LinearOperator(scope.Length, scope.Length, OperatorStructure.PositiveSemidefinite)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected override void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        for (int i = 0; i < x.Rows; i++)
            linearization.MultiplyFactors(scope, factors, x.Row(i), y.Row(i));
    }

    protected override void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => ApplyCore(x, y);
}
