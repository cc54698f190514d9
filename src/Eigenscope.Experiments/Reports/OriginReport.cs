using Eigenscope.Analysis;
using Eigenscope.Analysis.Spectra;

namespace Eigenscope.Experiments.Reports;

/// <summary>Where the top eigenvectors of an operator live among the parts of the Gauss–Newton matrix; see <see cref="OutlierOrigin"/>. The lists belong to the eigenvalues, in their order.</summary>
/// <param name="Origins">class, cross-class, within-class, mixed or network-curvature.</param>
/// <param name="ClassShares">Share of vᵀGv that is the class part's.</param>
/// <param name="CrossClassShares">Share of vᵀGv that is the cross-class part's.</param>
/// <param name="WithinClassShares">Share of vᵀGv that is the within-class part's.</param>
/// <param name="Outliers">Verdicts on the first K: the class outliers, where the network has collapsed.</param>
/// <param name="MiniBulk">Verdicts on the next K (K − 1), or as many as were measured: the mini-bulk.</param>
public sealed record OriginReport(
    IReadOnlyList<string> Origins,
    IReadOnlyList<Number> ClassShares,
    IReadOnlyList<Number> CrossClassShares,
    IReadOnlyList<Number> WithinClassShares,
    OriginCounts Outliers,
    OriginCounts MiniBulk)
{
    internal static OriginReport Of(IReadOnlyList<OutlierOrigin> origins, int classes) => new(
        [.. origins.Select(static origin => Name(origin.Origin))],
        [.. origins.Select(static origin => origin.ClassShare)],
        [.. origins.Select(static origin => origin.CrossClassShare)],
        [.. origins.Select(static origin => origin.WithinClassShare)],
        OriginCounts.Of(origins.Take(classes)),
        OriginCounts.Of(origins.Skip(classes).Take(classes * (classes - 1))));

    private static string Name(SpectralOrigin origin) => origin switch
    {
        SpectralOrigin.Class => "class",
        SpectralOrigin.CrossClass => "cross-class",
        SpectralOrigin.WithinClass => "within-class",
        SpectralOrigin.Mixed => "mixed",
        SpectralOrigin.NetworkCurvature => "network-curvature",
        _ => throw new ArgumentOutOfRangeException(nameof(origin), origin, "unknown origin"),
    };
}
