using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Analysis.Spectra;

/// <summary>R = D^½ S J, the factor of a Gauss–Newton matrix Rᵀ R: N o × (scope's length).</summary>
internal sealed class GaussNewtonFactorOperator(LinearOperator jacobian, LogitFactors factors) : LinearOperator(jacobian.Rows, jacobian.Columns, OperatorStructure.None)
{
    public override double BlockCostPerVector => jacobian.BlockCostPerVector;

    protected override void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        jacobian.Apply(x, y);
        for (int i = 0; i < y.Rows; i++)
        {
            factors.Multiply(y.Row(i));
            Scale(y.Row(i), squareRoot: true);
        }
    }

    protected override void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        Tensor<double> logits = new(x.Rows, x.Columns);
        x.CopyTo(logits.AsMatrix());
        for (int i = 0; i < x.Rows; i++)
        {
            // The adjoint of the factors comes with the weights: √w is w/√w.
            Scale(logits.Row(i), squareRoot: false);
            factors.MultiplyAdjoint(logits.Row(i));
        }
        jacobian.ApplyAdjoint(logits.AsMatrix(), y);
    }

    private void Scale(Span<double> v, bool squareRoot)
    {
        for (int i = 0; i < factors.Samples; i++)
        {
            double root = Math.Sqrt(factors.Weight(i));
            Span<double> entries = v.Slice(i * factors.Logits, factors.Logits);
            TensorPrimitives.Multiply(entries, squareRoot ? root : root > 0.0 ? 1.0 / root : 0.0, entries);
        }
    }
}
