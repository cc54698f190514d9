using Eigenscope.Numerics.Estimators;

namespace Eigenscope.Experiments.Reports;

/// <summary>The spectral density of an operator by stochastic Lanczos quadrature; see <see cref="SpectralDensity"/>. All masses together are 1, and nothing was divided to make them so.</summary>
/// <param name="Nodes">Nodes of all probes' quadratures, ascending: the spectrum without its lines.</param>
/// <param name="Weights">Mass of each node.</param>
/// <param name="Lines">Known eigenvalues, deflated exactly, descending; each has mass 1/dimension.</param>
/// <param name="TotalMass">Mass of nodes and lines as computed.</param>
/// <param name="Probes">Random start vectors.</param>
/// <param name="Steps">Lanczos steps of each.</param>
/// <param name="Confidence">Probability that a band holds the smoothed exact spectrum at a point.</param>
/// <param name="OperatorApplications">Products with single vectors.</param>
/// <param name="Linear">The spectrum without its lines, smoothed in λ; null when every eigenvalue is a line.</param>
/// <param name="Log">The same smoothed in the symmetric logarithm of λ; null when every eigenvalue is a line.</param>
public sealed record DensityReport(
    IReadOnlyList<double> Nodes,
    IReadOnlyList<double> Weights,
    IReadOnlyList<double> Lines,
    double TotalMass,
    int Probes,
    int Steps,
    double Confidence,
    int OperatorApplications,
    DensityCurveReport? Linear,
    DensityCurveReport? Log)
{
    internal static DensityReport Of(SpectralDensity density) => new(
        density.Nodes,
        density.Weights,
        [.. density.Lines.Select(static line => line.Value)],
        density.TotalMass,
        density.Probes.Count,
        density.Steps,
        density.Confidence,
        density.OperatorApplications,
        DensityCurveReport.Of(density.Linear),
        DensityCurveReport.Of(density.Log));
}
