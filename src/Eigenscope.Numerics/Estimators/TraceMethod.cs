namespace Eigenscope.Numerics.Estimators;

/// <summary>How a trace is estimated from products.</summary>
public enum TraceMethod
{
    /// <summary>
    /// Mean of xᵀ A x over random signs x (Hutchinson, Commun. Stat. Simul. Comput. 19, 1990). The error falls as products^(−1/2) whatever the spectrum; no vectors are kept.
    /// </summary>
    Hutchinson,

    /// <summary>
    /// Hutch++ (Meyer, Musco, Musco and Woodruff, SOSA 2021): with Q an orthonormal basis of A S for a random S, the trace on Q's span is exact and the rest sampled:
    /// tr(Qᵀ A Q) + mean of vᵀ A v, v uniform on the sphere of radius √(n − r) in the complement. A third of the products goes to each of A S, A Q and the samples.
    /// </summary>
    HutchPlusPlus,

    /// <summary>
    /// XTrace (Epperly, Tropp and Webber, SIAM J. Matrix Anal. Appl. 45, 2024, with their normalisation): the k test vectors serve as sketch and as samples, each sampled in the complement of what the
    /// other k − 1 span. Two products a test vector; usually the smallest error for a spectrum that decays.
    /// </summary>
    XTrace,
}
