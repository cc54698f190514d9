namespace Eigenscope.Learning.Kernels;

/// <summary>How a ridge regression was solved.</summary>
public enum RidgeMethod
{
    /// <summary>Cholesky factorisation of the whole matrix in memory.</summary>
    Cholesky,

    /// <summary>Conjugate gradients with a Nyström preconditioner, the matrix computed in blocks as it is needed.</summary>
    ConjugateGradients,
}
