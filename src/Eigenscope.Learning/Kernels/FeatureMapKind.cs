namespace Eigenscope.Learning.Kernels;

/// <summary>The random features of a Deep RFM's layer.</summary>
public enum FeatureMapKind
{
    /// <summary>max(0, W y), entries of W uniform in (−1/√d, 1/√d).</summary>
    Relu,

    /// <summary>√(2/D) cos(W y + u), entries of W from a Cauchy distribution, u uniform in [0, 2π): random Fourier features of a Laplace-type kernel (Rahimi and Recht 2007).</summary>
    Cosine,
}
