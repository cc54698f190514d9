using Eigenscope.Learning.Derivatives;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Analysis.Spectra;

/// <summary>
/// The Gauss–Newton matrix of a scope (the whole network, a layer, any set of parameters) as the sum of three positive semidefinite parts (after Papyan, "Traces of class/cross-class structure pervade deep
/// learning spectra", JMLR 21, 2020). The loss's Hessian in the logits of sample i is Σ_k ω_ik a_ik a_ikᵀ: ω = 1, a_k = e_k for the mean squared error; ω_k = p_k, a_k = e_k − p for cross-entropy. With J_i the Jacobian
/// of its logits, G = Σ_i w_i Σ_k ω_ik g_ik g_ikᵀ, g_ik = J_iᵀ a_ik, w_i = 1/N unless said. With Ω_ck the sum of w_i ω_ik over class c, ḡ_ck the mean of g_ik over that class, weighed by w_i ω_ik, Ω_c the sum and ḡ_c
/// the mean of the ḡ_ck over logits, weighed by Ω_ck, G is exactly
/// <c>Σ_ik w_i ω_ik (g_ik − ḡ_ck)(…)ᵀ + Σ_ck Ω_ck (ḡ_ck − ḡ_c)(…)ᵀ + Σ_c Ω_c ḡ_c ḡ_cᵀ</c>: within-class, cross-class and class part. With the mean squared error k runs over all o logits. With cross-entropy
/// Σ_k ω_ik g_ik = 0, so that a mean over all logits would vanish: there ḡ_c and the cross-class part leave the own logit k = c out, as Papyan does, and Ω_cc ḡ_cc ḡ_ccᵀ, his fourth part, is in the class part.
/// At the optimum of the deep linear unconstrained feature model with the mean squared error their ranks are 0, K (K − 1) and K, and the images of the last two are orthogonal (arXiv 2404.06106).
/// Up to <see cref="PapyanOptions.GramLimit"/> everything comes from the Gram matrix of the N o vectors. Beyond it samples are streamed: the class and the cross-class part still are exact, from the K o vectors
/// ḡ_ck; of the within-class part the largest eigenvalues are iterated for, and its trace is exact where every parameter belongs to a dense layer and estimated elsewhere (see <see cref="GaussNewtonTraces"/>).
/// </summary>
public sealed record PapyanSplit
{
    /// <summary>Eigenvalues at or below this share of the whole matrix's largest do not count in a rank.</summary>
    public const double RankTolerance = 1e-10;

    /// <summary>Trace of G.</summary>
    public required Number Trace { get; init; }

    /// <summary>Standard error of <see cref="Trace"/>; 0 where it was computed exactly.</summary>
    public double TraceStandardError { get; init; }

    /// <summary>Deviations of samples from the mean of their class and logit.</summary>
    public required PapyanPart WithinClass { get; init; }

    /// <summary>Deviations of those means from the mean over logits.</summary>
    public required PapyanPart CrossClass { get; init; }

    /// <summary>Means over logits.</summary>
    public required PapyanPart Class { get; init; }

    /// <summary>tr(A B) / (‖A‖_F ‖B‖_F) of the cross-class and the class part: 0 exactly where their images are orthogonal; undefined where one of them is zero.</summary>
    public required Number ClassCrossCosine { get; init; }

    /// <summary>Whether everything, the ranks included, comes from the Gram matrix of all gradients.</summary>
    public required bool IsExact { get; init; }

    /// <summary>Measures the split.</summary>
    /// <param name="linearization">The network and its samples at fixed parameters.</param>
    /// <param name="scope">Scope of the parameters, as of <see cref="Linearization.GaussNewton"/>.</param>
    /// <param name="labels">N class indices in 0 … K − 1; every class has a sample.</param>
    /// <param name="classes">K ≥ 2.</param>
    /// <param name="options">Limits and tolerances.</param>
    /// <param name="compute">Where to compute.</param>
    /// <param name="random">Start vectors and probes; consumed where samples are streamed.</param>
    /// <param name="cancellation">Ends the streamed computation between products; what is missing then is undefined and says so.</param>
    /// <returns>The split.</returns>
    /// <exception cref="ArgumentException">Labels that do not fit the samples, a class without samples or weight, no such scope, or an option out of range.</exception>
    public static PapyanSplit Measure(Linearization linearization, string scope, ReadOnlySpan<int> labels, int classes, PapyanOptions options, Compute compute, RandomStream random, CancellationToken cancellation = default) =>
        MeasureEach(linearization, [scope], labels, classes, options, compute, random, cancellation)[0];

    /// <summary>Measures the splits of several scopes: what is beyond the Gram limit shares its walks through the network, so that a network's layers cost little more than the network.</summary>
    /// <param name="linearization">The network and its samples at fixed parameters.</param>
    /// <param name="scopes">Scopes of parameters; they may overlap.</param>
    /// <param name="labels">N class indices in 0 … K − 1; every class has a sample.</param>
    /// <param name="classes">K ≥ 2.</param>
    /// <param name="options">Limits and tolerances.</param>
    /// <param name="compute">Where to compute.</param>
    /// <param name="random">Start vectors and probes; consumed where samples are streamed.</param>
    /// <param name="cancellation">Ends the streamed computation between products; what is missing then is undefined and says so.</param>
    /// <returns>The splits, in the order of the scopes.</returns>
    /// <exception cref="ArgumentException">Labels that do not fit the samples, a class without samples or weight, no such scope, or an option out of range.</exception>
    public static IReadOnlyList<PapyanSplit> MeasureEach(
        Linearization linearization, IReadOnlyList<string> scopes, ReadOnlySpan<int> labels, int classes, PapyanOptions options, Compute compute, RandomStream random, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(linearization);
        ArgumentNullException.ThrowIfNull(scopes);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(compute);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Pairs, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.TraceProbes, 2, nameof(options));
        LogitFactors factors = new(linearization);
        ClassLogits structure = new(factors, labels, classes);
        if (factors.Length <= options.GramLimit)
            return [.. scopes.Select(scope => new GramSplit(factors, structure, compute).Measure(GaussNewtonGram.Measure(linearization, scope, factors, compute)))];
        return new StreamedSplits(linearization, factors, structure, options, compute, random, cancellation).Measure(scopes);
    }
}
