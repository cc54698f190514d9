using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Analysis.Features;

/// <summary>
/// How well the neural feature ansatz WᵀW ∝ AGOP^p holds for a dense layer (Radhakrishnan et al., Science 2024; Beaglehole et al., arXiv 2402.13728), AGOP being that of the sub-network from the
/// layer's input on, the layer included.
/// </summary>
/// <param name="Pearson">Pearson correlation over all d² entries, both matrices mean-subtracted; undefined when either is zero or has all entries equal.</param>
/// <param name="Cosine">⟨WᵀW, AGOP^p⟩ / (‖WᵀW‖_F ‖AGOP^p‖_F), uncentred; undefined when either is zero.</param>
/// <param name="Exponent">p.</param>
public sealed record NfaCorrelation(Number Pearson, Number Cosine, double Exponent)
{
    // A matrix whose entries differ from their mean by less than this many units of rounding is constant.
    private const double RoundingUnits = 16.0 * 2.220446049250313e-16;

    /// <summary>Measures one dense layer.</summary>
    /// <param name="weight">W, out × d.</param>
    /// <param name="agop">AGOP at the layer's input, d × d.</param>
    /// <param name="compute">Where to compute.</param>
    /// <param name="exponent">p &gt; 0, default ½.</param>
    /// <returns>The correlations.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit, a number is not finite, or the exponent is not positive.</exception>
    public static NfaCorrelation Measure(ReadOnlyMatrixSpan<double> weight, ReadOnlyMatrixSpan<double> agop, Compute compute, double exponent = 0.5)
    {
        ArgumentNullException.ThrowIfNull(compute);
        MatrixGuard.Shape(agop, weight.Columns, weight.Columns, nameof(agop));
        return OfPower(weight, PositiveSemidefinite.Power(agop, exponent, compute), exponent, compute);
    }

    /// <summary>The same with the power of the AGOP at hand, where several weights are set beside one AGOP.</summary>
    /// <param name="weight">W, out × d.</param>
    /// <param name="power">AGOP^p, d × d.</param>
    /// <param name="exponent">p, for the record.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>The correlations.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit, or the weight is not finite.</exception>
    public static NfaCorrelation OfPower(ReadOnlyMatrixSpan<double> weight, Tensor<double> power, double exponent, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(power);
        ArgumentNullException.ThrowIfNull(compute);
        MatrixGuard.NotEmpty(weight, nameof(weight));
        MatrixGuard.Finite(weight, nameof(weight));
        MatrixGuard.Shape(power.AsMatrix(), weight.Columns, weight.Columns, nameof(power));
        Tensor<double> features = new(weight.Columns, weight.Columns);
        compute.Multiply(1.0, weight, MatrixOp.Transpose, weight, MatrixOp.None, 0.0, features.AsMatrix());
        return new NfaCorrelation(MeasurePearson(features.Span, power.Span), MeasureCosine(features.Span, power.Span), exponent);
    }

    private static Number MeasureCosine(ReadOnlySpan<double> features, ReadOnlySpan<double> power)
    {
        if (ZeroReason(features, power) is string reason)
            return Number.Undefined(reason);
        double norms = Math.Sqrt(TensorPrimitives.SumOfSquares<double>(features)) * Math.Sqrt(TensorPrimitives.SumOfSquares<double>(power));
        // A correlation beyond ±1 is rounding.
        return Number.Of(Math.Clamp(TensorPrimitives.Dot(features, power) / norms, -1.0, 1.0));
    }

    private static Number MeasurePearson(ReadOnlySpan<double> features, ReadOnlySpan<double> power)
    {
        if (ZeroReason(features, power) is string reason)
            return Number.Undefined(reason);
        double[] x = MeanSubtracted(features), y = MeanSubtracted(power);
        if (IsRounding(x, features))
            return Number.Undefined("all entries of WᵀW are equal");
        if (IsRounding(y, power))
            return Number.Undefined("all entries of the AGOP's power are equal");
        return MeasureCosine(x, y);
    }

    private static string? ZeroReason(ReadOnlySpan<double> features, ReadOnlySpan<double> power) =>
        TensorPrimitives.SumOfSquares<double>(features) == 0.0 ? "the weight is zero"
        : TensorPrimitives.SumOfSquares<double>(power) == 0.0 ? "the AGOP is zero"
        : null;

    private static bool IsRounding(ReadOnlySpan<double> centred, ReadOnlySpan<double> original) =>
        TensorPrimitives.SumOfSquares<double>(centred) <= RoundingUnits * RoundingUnits * TensorPrimitives.SumOfSquares<double>(original);

    private static double[] MeanSubtracted(ReadOnlySpan<double> entries)
    {
        double mean = TensorPrimitives.Sum<double>(entries) / entries.Length;
        double[] centred = new double[entries.Length];
        for (int i = 0; i < centred.Length; i++)
            centred[i] = entries[i] - mean;
        double correction = TensorPrimitives.Sum<double>(centred) / entries.Length;
        for (int i = 0; i < centred.Length; i++)
            centred[i] -= correction;
        return centred;
    }
}
