using System.Text.Json.Serialization;
using Eigenscope.Numerics.Estimators;

namespace Eigenscope.Experiments.Reports;

/// <summary>A smoothed spectrum with its band; see <see cref="DensityCurve"/>.</summary>
/// <param name="KernelWidth">Standard deviation of the Gaussian kernel: of λ on the linear scale, decades on the logarithmic one.</param>
/// <param name="LinearThreshold">Where the logarithmic scale turns linear around zero; null, and not written, on the linear scale.</param>
/// <param name="Values">λ at the grid points, ascending.</param>
/// <param name="Density">Share of the spectrum per unit of λ, or per decade.</param>
/// <param name="HalfWidth">Half the width of the band at each point.</param>
/// <param name="StepChange">How much the last quarter of the Lanczos steps changed the estimate: where it exceeds the half width, the kernel is narrower than the steps resolve.</param>
public sealed record DensityCurveReport(
    double KernelWidth,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? LinearThreshold,
    IReadOnlyList<double> Values,
    IReadOnlyList<double> Density,
    IReadOnlyList<double> HalfWidth,
    IReadOnlyList<double> StepChange)
{
    internal static DensityCurveReport? Of(DensityCurve? curve) =>
        curve is null ? null : new DensityCurveReport(curve.KernelWidth, curve.LinearThreshold, curve.Values, curve.Density, curve.HalfWidth, curve.StepChange);
}
