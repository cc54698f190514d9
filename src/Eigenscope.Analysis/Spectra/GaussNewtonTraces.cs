using Eigenscope.Learning.Derivatives;
using Eigenscope.Numerics.Estimators;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Analysis.Spectra;

/// <summary>
/// Traces of the Gauss–Newton matrix in several scopes. Exact where a scope has parameters of dense layers only, or where its gradients of single samples are few enough to be summed one by one; otherwise estimated by passes
/// down alone: with a random sign for every sample and logit, the squared length of what arrives at a scope's parameters has that scope's trace as its mean (Hutchinson's estimator of the trace of the Gram matrix of
/// all gradients). One pass serves all the scopes.
/// </summary>
public static class GaussNewtonTraces
{
    /// <summary>Measures the traces.</summary>
    /// <param name="linearization">The network and its samples at fixed parameters.</param>
    /// <param name="scopes">Scopes, as of <see cref="Linearization.GaussNewton"/>; they may overlap.</param>
    /// <param name="compute">Where to compute.</param>
    /// <param name="random">Signs of estimated traces; consumed.</param>
    /// <param name="exactEntries">Largest N · o times a scope's length at which gradients are summed one by one. Default 2³⁰: a few seconds.</param>
    /// <param name="probes">Passes down for those that are estimated, ≥ 2.</param>
    /// <param name="cancellation">Looked at between passes.</param>
    /// <returns>One for each scope, in their order; the standard error is 0 where the trace is exact.</returns>
    /// <exception cref="ArgumentException">No such scope, or fewer than 2 probes.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static IReadOnlyList<Estimate> Measure(
        Linearization linearization, IReadOnlyList<string> scopes, Compute compute, RandomStream random, long exactEntries = 1L << 30, int probes = 32, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(linearization);
        ArgumentNullException.ThrowIfNull(scopes);
        ArgumentNullException.ThrowIfNull(compute);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(probes, 2);
        LogitFactors factors = new(linearization);
        ParameterScope[] resolved = [.. scopes.Select(scope => ParameterScope.Resolve(linearization.Objective.Network, scope))];
        double?[] exact = [.. scopes.Select(scope => Exact(linearization, scope, factors, exactEntries, compute))];
        ParameterScope[] others = [.. resolved.Where((_, index) => exact[index] is null)];
        Queue<Estimate> estimates = new(others.Length == 0 ? [] : new AdjointTraces(linearization, factors).Estimate(others, probes, random, cancellation) ?? throw new OperationCanceledException(cancellation));
        return [.. exact.Select(trace => trace is { } value ? Estimate.Exact(value) : estimates.Dequeue())];
    }

    /// <summary>The trace where it is affordable exactly, else null.</summary>
    internal static double? Exact(Linearization linearization, string scope, LogitFactors factors, long exactEntries, Compute compute)
    {
        if (DenseScope.Of(linearization, scope) is { } dense)
            return dense.Trace(factors);
        GradientRows rows = new(linearization, scope, factors, compute);
        return rows.Entries <= exactEntries ? rows.Trace() : null;
    }
}
