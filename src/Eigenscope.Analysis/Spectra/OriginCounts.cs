namespace Eigenscope.Analysis.Spectra;

/// <summary>How many eigenvectors live on which part.</summary>
/// <param name="Class">On the class part.</param>
/// <param name="CrossClass">On the cross-class part.</param>
/// <param name="WithinClass">On the within-class part.</param>
/// <param name="Mixed">On no part by more than half.</param>
/// <param name="NetworkCurvature">Eigenvalues that are not the Gauss–Newton matrix's.</param>
public sealed record OriginCounts(int Class, int CrossClass, int WithinClass, int Mixed, int NetworkCurvature)
{
    /// <summary>Counts verdicts.</summary>
    /// <param name="origins">Any of them: the first K for the class outliers, the next K (K − 1) for the mini-bulk.</param>
    /// <returns>The counts.</returns>
    public static OriginCounts Of(IEnumerable<OutlierOrigin> origins)
    {
        ArgumentNullException.ThrowIfNull(origins);
        ILookup<SpectralOrigin, OutlierOrigin> groups = origins.ToLookup(static outlier => outlier.Origin);
        int Count(SpectralOrigin origin) => groups[origin].Count();
        return new OriginCounts(Count(SpectralOrigin.Class), Count(SpectralOrigin.CrossClass), Count(SpectralOrigin.WithinClass), Count(SpectralOrigin.Mixed), Count(SpectralOrigin.NetworkCurvature));
    }

    /// <summary>All of them.</summary>
    public int Total => Class + CrossClass + WithinClass + Mixed + NetworkCurvature;
}
