using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Theory.ClassMeans;

/// <summary>
/// A second moment or covariance of samples predicted from their class means: Σ_c (n_c/N) μ_c μ_cᵀ, or the same about the mean of the samples Σ_c (n_c/N) μ_c. Exact where every sample is its class mean;
/// for features, and for the errors propagated back to a layer's output.
/// </summary>
public sealed class ClassMeanMoment
{
    private ClassMeanMoment(double[] eigenvalues, double trace) => (Eigenvalues, Trace) = (eigenvalues, trace);

    /// <summary>Eigenvalues, descending and positive: at most min(K, d), for a covariance at most K − 1. What is zero to rounding is left out.</summary>
    public IReadOnlyList<double> Eigenvalues { get; }

    /// <summary>Their trace, from the means.</summary>
    public double Trace { get; }

    /// <summary>Predicts the second moment about zero.</summary>
    /// <param name="shares">n_c / N, K of them, positive.</param>
    /// <param name="means">μ_c as rows, K × d.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>The prediction.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, a share is not positive, or an entry is not finite.</exception>
    public static ClassMeanMoment SecondMoment(IReadOnlyList<double> shares, Tensor<double> means, Compute compute) => Predict(shares, means, centred: false, compute);

    /// <summary>Predicts the covariance, about the mean of the samples.</summary>
    /// <param name="shares">n_c / N, K of them, positive.</param>
    /// <param name="means">μ_c as rows, K × d.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>The prediction.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, a share is not positive, or an entry is not finite.</exception>
    public static ClassMeanMoment Covariance(IReadOnlyList<double> shares, Tensor<double> means, Compute compute) => Predict(shares, means, centred: true, compute);

    private static ClassMeanMoment Predict(IReadOnlyList<double> shares, Tensor<double> means, bool centred, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(shares);
        ArgumentNullException.ThrowIfNull(means);
        ArgumentNullException.ThrowIfNull(compute);
        ClassMeanGuard.Shares(shares, nameof(shares));
        ClassMeanGuard.Means(means, shares.Count, nameof(means));
        double size = TensorPrimitives.MaxMagnitude<double>(means.Span);
        Tensor<double> weighted = centred ? Centred(shares, means) : means.Clone();
        for (int c = 0; c < shares.Count; c++)
            TensorPrimitives.Multiply(weighted.Row(c), Math.Sqrt(shares[c]), weighted.Row(c));
        Tensor<double> gram = new(shares.Count, shares.Count);
        compute.Multiply(1.0, weighted.AsMatrix(), MatrixOp.None, weighted.AsMatrix(), MatrixOp.Transpose, 0.0, gram.AsMatrix());
        double[] values = new double[shares.Count];
        compute.Blas.SymmetricEigen(gram.AsMatrix(), values, vectors: false);
        Array.Reverse(values);
        // Centring leaves rounding of the means themselves, squared.
        double floor = Math.Pow(ClassMeanGuard.RoundingUnits * size, 2) * means.Columns;
        double cut = Math.Max(ClassMeanGuard.RoundingUnits * shares.Count * Math.Max(values[0], 0.0), floor);
        return new ClassMeanMoment([.. values.TakeWhile(value => value > cut)], TensorPrimitives.SumOfSquares<double>(weighted.Span));
    }

    private static Tensor<double> Centred(IReadOnlyList<double> shares, Tensor<double> means)
    {
        double[] mean = new double[means.Columns];
        double total = shares.Sum();
        for (int c = 0; c < shares.Count; c++)
            TensorPrimitives.MultiplyAdd(means.Row(c), shares[c] / total, mean, mean);
        Tensor<double> centred = new(means.Rows, means.Columns);
        for (int c = 0; c < shares.Count; c++)
            TensorPrimitives.Subtract(means.Row(c), mean, centred.Row(c));
        return centred;
    }
}
