using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Theory.ClassMeans;

/// <summary>
/// A layer's weight predicted from class means up to a factor: W ∝ C = Σ_c m_c μ_cᵀ, m_c the class means of the layer's pre-activation and μ_c those of its input (deep neural collapse, arXiv 2402.13728 and
/// 2404.06106). The factor is not predicted: singular values are scaled so that Ĉ has the Frobenius norm given, which is that of W where the two are compared.
/// </summary>
public sealed class ClassMeanWeight
{
    private ClassMeanWeight(double[] values, Tensor<double> left, Tensor<double> right) =>
        (SingularValues, LeftVectors, RightVectors) = (values, left, right);

    /// <summary>Singular values of the scaled C, descending and positive, at most min(K, d_out, d_in); none when C is zero.</summary>
    public IReadOnlyList<double> SingularValues { get; }

    /// <summary>Left singular vectors as rows, rank × d_out; zero rows when C is zero.</summary>
    public Tensor<double> LeftVectors { get; }

    /// <summary>Right singular vectors as rows, rank × d_in.</summary>
    public Tensor<double> RightVectors { get; }

    /// <summary>Predicts a weight.</summary>
    /// <param name="preActivations">m_c as rows, K × d_out.</param>
    /// <param name="features">μ_c as rows, K × d_in.</param>
    /// <param name="frobeniusNorm">The norm to scale to, ≥ 0 and finite.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>The prediction.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, an entry is not finite, or the norm is negative or not finite.</exception>
    public static ClassMeanWeight Predict(Tensor<double> preActivations, Tensor<double> features, double frobeniusNorm, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(preActivations);
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(compute);
        ClassMeanGuard.Means(preActivations, features.Rows, nameof(preActivations));
        ClassMeanGuard.Means(features, features.Rows, nameof(features));
        RequireNorm(frobeniusNorm);
        return Scaled(LowRankSvd.Of(preActivations, features, compute), Math.Max(preActivations.Columns, features.Columns), frobeniusNorm);
    }

    /// <summary>
    /// Predicts the weight of any layer that is linear in it, as a matrix: C = Σ_c B(μ_c, ·)ᵀ m_c, for a convolution the sum over classes and positions of m_c at a position times the patch of μ_c that it sees.
    /// </summary>
    /// <param name="products">C, d_out × d_in: for a convolution output channels × (kernel height · kernel width · input channels of a group).</param>
    /// <param name="frobeniusNorm">The norm to scale to, ≥ 0 and finite.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>The prediction.</returns>
    /// <exception cref="ArgumentException">The matrix is empty or not finite, or the norm is negative or not finite.</exception>
    public static ClassMeanWeight Predict(Tensor<double> products, double frobeniusNorm, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(products);
        ArgumentNullException.ThrowIfNull(compute);
        ClassMeanGuard.Means(products, Math.Max(1, products.Rows), nameof(products));
        RequireNorm(frobeniusNorm);
        return Scaled(LowRankSvd.OfMatrix(products, compute), Math.Max(products.Rows, products.Columns), frobeniusNorm);
    }

    private static void RequireNorm(double frobeniusNorm)
    {
        if (!(frobeniusNorm >= 0.0 && double.IsFinite(frobeniusNorm)))
            throw new ArgumentOutOfRangeException(nameof(frobeniusNorm), frobeniusNorm, "expected a finite norm of at least 0");
    }

    private static ClassMeanWeight Scaled(LowRankSvd svd, int size, double frobeniusNorm)
    {
        double cut = ClassMeanGuard.RoundingUnits * size * svd.Values[0];
        double[] kept = [.. svd.Values.TakeWhile(value => value > cut)];
        double norm = Math.Sqrt(TensorPrimitives.SumOfSquares<double>(kept));
        return new ClassMeanWeight([.. kept.Select(value => value / norm * frobeniusNorm)], Leading(svd.Left, kept.Length), Leading(svd.Right, kept.Length));
    }

    private static Tensor<double> Leading(Tensor<double> rows, int count) => new(rows.Span[..(count * rows.Columns)].ToArray(), count, rows.Columns);
}
