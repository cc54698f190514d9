namespace Eigenscope.Theory.UnconstrainedFeatures;

/// <summary>
/// Papyan's split of a layer's Gauss–Newton matrix, <c>G = (1/N) Σ_{c,i} Σ_{c'} g_{i,c'} g_{i,c'}ᵀ</c> with g_{i,c'} = A_lᵀe_{c'} ⊗ h_i, at the collapsed solution of
/// mean squared error without a last bias (arXiv 2404.06106): within-class, cross-class (c' ≠ c, the mini-bulk) and class part (c' = c). The images are orthogonal,
/// the same at every layer. Non-zero eigenvalues only.
/// </summary>
public static class UfmPapyanSplit
{
    /// <summary>Within-class part: rank 0, as all samples of a class have the same features.</summary>
    /// <param name="optimum">The solution.</param>
    /// <exception cref="ArgumentNullException">No solution given.</exception>
    /// <exception cref="ArgumentException">Another loss, or a last bias, or no non-zero solution.</exception>
    public static IReadOnlyList<PredictedGroup> WithinClass(UfmOptimum optimum) => Part(optimum, _ => 0);

    /// <summary>Cross-class part: a, K(K−1) times.</summary>
    /// <param name="optimum">The solution.</param>
    /// <exception cref="ArgumentNullException">No solution given.</exception>
    /// <exception cref="ArgumentException">Another loss, or a last bias, or no non-zero solution.</exception>
    public static IReadOnlyList<PredictedGroup> CrossClass(UfmOptimum optimum) => Part(optimum, classes => classes * (classes - 1));

    /// <summary>Class part: a, K times.</summary>
    /// <param name="optimum">The solution.</param>
    /// <exception cref="ArgumentNullException">No solution given.</exception>
    /// <exception cref="ArgumentException">Another loss, or a last bias, or no non-zero solution.</exception>
    public static IReadOnlyList<PredictedGroup> Class(UfmOptimum optimum) => Part(optimum, classes => classes);

    private static IReadOnlyList<PredictedGroup> Part(UfmOptimum optimum, Func<long, long> count)
    {
        UfmOrthogonalFrame.Require(optimum);
        return new SpectrumBuilder().Add(optimum.Outlier, count(optimum.Setting.Classes)).Build();
    }
}
