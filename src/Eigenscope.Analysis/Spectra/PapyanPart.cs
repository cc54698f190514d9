using Eigenscope.Numerics.Solvers;

namespace Eigenscope.Analysis.Spectra;

/// <summary>One part of a Gauss–Newton matrix.</summary>
public sealed record PapyanPart
{
    /// <summary>Number of eigenvalues above <see cref="PapyanSplit.RankTolerance"/> times the largest of the whole matrix; undefined where the list of eigenvalues ends above that.</summary>
    public required Number Rank { get; init; }

    /// <summary>Its trace.</summary>
    public required Number Trace { get; init; }

    /// <summary>Standard error of <see cref="Trace"/>; 0 where it was computed exactly.</summary>
    public double TraceStandardError { get; init; }

    /// <summary>Its largest eigenvalues, descending, not below 0: at most K o of an exact solve, as many as <see cref="PapyanOptions.Pairs"/> of an iterative one.</summary>
    public required IReadOnlyList<double> Eigenvalues { get; init; }

    /// <summary>True residuals ‖A v − θ v‖ / max|θ| of eigenvalues that were iterated for, one each, as of <see cref="EigenPairs.Residuals"/>; empty where they come from a Gram matrix.</summary>
    public IReadOnlyList<double> Residuals { get; init; } = [];

    /// <summary>The verdict on eigenvalues that were iterated for; null where they come from a Gram matrix.</summary>
    public Convergence? Convergence { get; init; }
}
