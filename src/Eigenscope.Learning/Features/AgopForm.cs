using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Features;

/// <summary>Which of its forms an average gradient outer product is wanted in: G = (1/N) Σ J_iᵀ J_i or its centred form, divided by nothing or by its largest entry, then raised to a power.</summary>
public sealed record AgopForm
{
    /// <summary>Whether the mean Jacobian is subtracted. Default not.</summary>
    public Centring Centring { get; init; }

    /// <summary>What G is divided by before the power is taken. Default nothing.</summary>
    public AgopScaling Scaling { get; init; }

    /// <summary>p &gt; 0 of G^p. Default 1.</summary>
    public double Exponent { get; init; } = 1.0;

    /// <summary>The form of what was accumulated.</summary>
    /// <param name="accumulator">Jacobians of at least one sample.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>d × d, symmetric positive semidefinite; a zero matrix stays zero whatever the scaling.</returns>
    /// <exception cref="InvalidOperationException">No samples were added.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The exponent is not positive and finite.</exception>
    public Tensor<double> Of(AgopAccumulator accumulator, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(accumulator);
        ArgumentNullException.ThrowIfNull(compute);
        Tensor<double> agop = Centring == Centring.SampleMean ? accumulator.Centred() : accumulator.Mean();
        if (Scaling == AgopScaling.LargestEntry)
            DivideByLargest(agop);
        return Exponent == 1.0 ? agop : PositiveSemidefinite.Power(agop.AsMatrix(), Exponent, compute);
    }

    // All-zero targets have a zero gradient: 0/0 has no business in a metric.
    private static void DivideByLargest(Tensor<double> agop)
    {
        double largest = TensorPrimitives.Max<double>(agop.Span);
        if (largest > 0.0)
            TensorPrimitives.Divide(agop.Span, largest, agop.Span);
    }
}
