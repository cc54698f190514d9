using Eigenscope.Learning.Derivatives;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;

namespace Eigenscope.Analysis.Spectra;

/// <summary>
/// Eigenpairs of a Gauss–Newton matrix: exactly, the whole spectrum, through the Gram matrix of the N · o rows √w_i S_i J_i where there are few enough of them, by block Lanczos otherwise. The Gram matrix of dense
/// layers is put together from two small ones a layer, whatever the number of parameters.
/// </summary>
public static class GaussNewtonEigensolver
{
    /// <summary>Whether the Gram matrix is the way to go: N · o is at most <paramref name="limit"/>, and the rows of a scope with other than dense layers need no more than a few walks through the network.</summary>
    /// <param name="linearization">The network and its samples at fixed parameters.</param>
    /// <param name="scope">Scope of the parameters, as of <see cref="Linearization.GaussNewton"/>.</param>
    /// <param name="limit">Largest N · o; its square is held in memory three times, its cube is the cost.</param>
    /// <returns>Whether <see cref="Solve"/> goes through the Gram matrix.</returns>
    /// <exception cref="ArgumentException">No such scope.</exception>
    public static bool UsesGram(Linearization linearization, string scope, int limit)
    {
        ArgumentNullException.ThrowIfNull(linearization);
        long rows = (long)linearization.Objective.SampleCount * linearization.Objective.Network.OutputSize;
        ParameterScope resolved = ParameterScope.Resolve(linearization.Objective.Network, scope);
        return rows <= limit && (rows * resolved.Length <= GradientRows.Affordable || DenseScope.Of(linearization, scope) is not null);
    }

    /// <summary>Solves.</summary>
    /// <param name="linearization">The network and its samples at fixed parameters.</param>
    /// <param name="scope">Scope of the parameters, as of <see cref="Linearization.GaussNewton"/>.</param>
    /// <param name="options">What to compute; the Gram matrix gives all eigenvalues whatever <see cref="EigenOptions.Top"/> says, and as many vectors.</param>
    /// <param name="compute">Where to compute.</param>
    /// <param name="random">Start vectors of an iterative solve; consumed.</param>
    /// <param name="gramLimit">See <see cref="UsesGram"/>. Default 3000: a few seconds, 200 MB.</param>
    /// <param name="progress">Told of an iterative solve's progress; may be null.</param>
    /// <param name="cancellation">Ends the solve between products with what is there.</param>
    /// <returns>The pairs with their verdict; method "gram" or what <see cref="SymmetricEigensolver"/> says.</returns>
    /// <exception cref="ArgumentException">No such scope, or an option out of range.</exception>
    public static EigenPairs Solve(Linearization linearization, string scope, EigenOptions options, Compute compute, RandomStream random, int gramLimit = 3000, IProgress<EigenProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(linearization);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(compute);
        ArgumentNullException.ThrowIfNull(random);
        if (options.Bottom > 0 || options.Top < 1 || !UsesGram(linearization, scope, gramLimit))
            return SymmetricEigensolver.Solve(linearization.GaussNewton(scope), options, compute, random, progress, cancellation);
        LogitFactors factors = new(linearization);
        GaussNewtonFactorOperator factor = new(linearization.Jacobian(scope), factors);
        return GramEigensolver.Solve(GaussNewtonGram.Measure(linearization, scope, factors, compute), factor, linearization.GaussNewton(scope), options, compute, cancellation);
    }
}
