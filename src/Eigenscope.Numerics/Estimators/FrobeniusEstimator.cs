using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Estimators.Traces;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Primitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Numerics.Estimators;

/// <summary>
/// ‖A‖_F from products: ‖A‖_F² = tr AᵀA = E ‖A x‖² over vectors of random signs, Hutchinson's estimator of that trace at one product a sample. The variance of one sample is 2 Σ_{i≠j} (AᵀA)_ij².
/// </summary>
public static class FrobeniusEstimator
{
    /// <summary>Estimates the norm; computes it exactly, with n products, for an operator of n ≤ <paramref name="samples"/> columns.</summary>
    /// <param name="operand">A, m × n.</param>
    /// <param name="samples">Number of products allowed, ≥ 2.</param>
    /// <param name="random">Source of the signs; consumed.</param>
    /// <returns>The squared norm and the norm, with standard errors.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 2 samples are asked for.</exception>
    /// <exception cref="LinearAlgebraException">A product held a NaN or an infinity, or its square overflows.</exception>
    public static FrobeniusEstimate Estimate(LinearOperator operand, int samples, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(operand);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, SampledProducts.FewestSamples);
        bool exact = SampledProducts.IsExact(operand, samples);
        SampleMean mean = new();
        double sum = 0;
        SampledProducts.ForEach(operand, samples, random, (_, product) =>
        {
            double square = Primitives.SumOfSquares(product);
            if (!double.IsFinite(square))
                throw new LinearAlgebraException("the square of a product overflows; scale the operator");
            sum += square;
            mean.Add(square);
        });
        Estimate squared = exact ? Estimators.Estimate.Exact(sum) : mean.ToEstimate();
        double norm = Math.Sqrt(squared.Mean);
        return new FrobeniusEstimate(squared, squared with { Mean = norm, StandardError = norm == 0 ? 0 : squared.StandardError / (2.0 * norm) });
    }
}
