namespace Eigenscope.Experiments.Reports;

/// <summary>Where a density's kernel is narrower than the Lanczos steps resolve: where the last quarter of them changed the estimate by more than the band is wide.</summary>
internal static class DensityResolution
{
    // Agreement to this share of the maximum is agreement, also where a band has no width.
    private const double Rounding = 1e-8;

    /// <summary>Whether each grid point is resolved, points of no density included.</summary>
    /// <param name="curve">The curve.</param>
    public static bool[] IsResolved(DensityCurveReport curve)
    {
        double floor = Rounding * curve.Density.DefaultIfEmpty(0.0).Max();
        return [.. Enumerable.Range(0, curve.Density.Count).Select(i => curve.StepChange[i] <= curve.HalfWidth[i] + floor)];
    }

    /// <summary>Share of the curve's mass at points that are not resolved; its grid is uniform in the coordinate of the density.</summary>
    /// <param name="curve">The curve.</param>
    public static double UnresolvedShare(DensityCurveReport curve)
    {
        bool[] resolved = IsResolved(curve);
        double mass = curve.Density.Sum();
        return mass > 0.0 ? Enumerable.Range(0, resolved.Length).Where(i => !resolved[i]).Sum(i => curve.Density[i]) / mass : 0.0;
    }
}
