using Eigenscope.Learning.Derivatives;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Spectra;

/// <summary>
/// The Gram matrix Γ = R Rᵀ, N o × N o, of the rows √w_i S_i J_i of R in one scope: the Gauss–Newton matrix is Rᵀ R, so that its eigenvalues other than zero are those of Γ.
/// </summary>
internal static class GaussNewtonGram
{
    public static Tensor<double> Measure(Linearization linearization, string scope, LogitFactors factors, Compute compute)
    {
        Tensor<double> gram = new(factors.Length, factors.Length);
        if (DenseScope.Of(linearization, scope) is { } dense)
            dense.AddGram(factors, gram, compute);
        else
            new GradientRows(linearization, scope, factors, compute).AddGram(gram);
        return gram;
    }
}
