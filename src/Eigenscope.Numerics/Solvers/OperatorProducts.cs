using System.Numerics.Tensors;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Solvers;

/// <summary>
/// The products of a solve: counted, checked for NaN and infinity, and divided by a power of two near the size of the first non-zero product, so that squares of
/// products neither overflow nor vanish whatever the operator's scale. A power of two changes no bit of any mantissa.
/// </summary>
internal sealed class OperatorProducts(LinearOperator operand)
{
    private const int LargestExponent = 1000;
    private bool _scaled;

    public LinearOperator Operator => operand;

    /// <summary>Products with single vectors so far.</summary>
    public int Count { get; private set; }

    /// <summary>The operator divided by this is what <see cref="TryApply"/> applies.</summary>
    public double Scale { get; private set; } = 1.0;

    /// <summary>Computes (A / <see cref="Scale"/>) x for every row of x.</summary>
    /// <returns>Whether every entry is finite.</returns>
    public bool TryApply(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        operand.Apply(x, y);
        Count += x.Rows;
        for (int i = 0; i < y.Rows; i++)
        {
            if (!TensorPrimitives.IsFiniteAll<double>(y.Row(i)))
                return false;
        }
        if (!_scaled)
            ChooseScale(y);
        for (int i = 0; _scaled && i < y.Rows; i++)
            TensorPrimitives.Multiply(y.Row(i), 1.0 / Scale, y.Row(i));
        return true;
    }

    private void ChooseScale(ReadOnlyMatrixSpan<double> y)
    {
        double largest = 0;
        for (int i = 0; i < y.Rows; i++)
            largest = Math.Max(largest, Math.Abs(TensorPrimitives.MaxMagnitude(y.Row(i))));
        if (largest == 0)
            return;
        Scale = Math.ScaleB(1.0, Math.Clamp(Math.ILogB(largest), -LargestExponent, LargestExponent));
        _scaled = true;
    }
}
