using System.Numerics.Tensors;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Solvers;

/// <summary>Eigenvalues and residual norms of the vectors a factorisation was reduced to, in its scale.</summary>
internal sealed class TrueResiduals
{
    private readonly double[] _values;
    private readonly double[] _norms;
    private readonly double _tolerance;

    private TrueResiduals(LanczosPlan plan, double[] values, double[] norms, double norm, bool measured)
    {
        double[] ascending = [.. values.Order()];
        (_values, _norms, _tolerance, IsMeasured) = (values, norms, plan.Tolerance, measured);
        Reference = RitzAnalysis.ReferenceFor(plan, ascending, norm);
    }

    /// <summary>Whether the norms come from fresh products, not from the recurrence.</summary>
    public bool IsMeasured { get; }

    /// <summary>What residuals are relative to.</summary>
    public double Reference { get; }

    /// <summary>Number of pairs beyond the tolerance.</summary>
    public int Violators => _norms.Count(norm => norm > _tolerance * Reference);

    public ReadOnlySpan<double> Values => _values;

    public double Relative(int index) => Reference == 0 ? 0 : _norms[index] / Reference;

    public bool IsWithinTolerance(int index) => _norms[index] <= _tolerance * Reference;

    /// <summary>Multiplies every expanded vector by A: θ = vᵀA v, residual ‖A v − θ v‖.</summary>
    /// <returns>Null when a product was not finite.</returns>
    public static TrueResiduals? Measure(LanczosPlan plan, BlockLanczosFactorization factorization)
    {
        int count = factorization.Expanded;
        double[] values = new double[count];
        double[] norms = new double[count];
        double[] difference = new double[factorization.Dimension];
        for (int start = 0; start < count; start += plan.WideBlock)
        {
            int width = Math.Min(plan.WideBlock, count - start);
            ReadOnlyMatrixSpan<double> products = factorization.Products(start, width);
            if (products.Rows == 0)
                return null;
            for (int i = 0; i < width; i++)
            {
                ReadOnlySpan<double> vector = factorization.Basis.Row(start + i);
                values[start + i] = TensorPrimitives.Dot(vector, products.Row(i));
                TensorPrimitives.MultiplyAdd(vector, -values[start + i], products.Row(i), difference);
                norms[start + i] = TensorPrimitives.Norm<double>(difference);
            }
        }
        return new TrueResiduals(plan, values, norms, factorization.Norm, measured: true);
    }

    /// <summary>Takes values and residuals from the recurrence, for a solve that may make no more products.</summary>
    public static TrueResiduals FromRecurrence(LanczosPlan plan, BlockLanczosFactorization factorization, RitzAnalysis ritz)
    {
        ritz.Update(factorization);
        double[] values = new double[factorization.Expanded];
        double[] norms = new double[factorization.Expanded];
        for (int j = 0; j < values.Length; j++)
        {
            values[j] = factorization.Projected[j, j];
            double sum = 0;
            for (int i = 0; i < factorization.Count; i++)
                sum += i == j ? 0.0 : factorization.Projected[i, j] * factorization.Projected[i, j];
            norms[j] = Math.Sqrt(sum);
        }
        return new TrueResiduals(plan, values, norms, factorization.Norm, measured: false);
    }
}
