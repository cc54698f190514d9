namespace Eigenscope.Experiments.Reports;

/// <summary>Spectral densities in a table: how they were computed and how far they can be trusted.</summary>
internal static class DensityTable
{
    /// <summary>One row an operator.</summary>
    /// <param name="spectra">All spectra.</param>
    /// <returns>The table; null where no density was estimated.</returns>
    public static SummaryTable? Build(IReadOnlyList<SpectrumReport> spectra)
    {
        SpectrumReport[] measured = [.. spectra.Where(static spectrum => spectrum is { Density: not null, SameAs: null })];
        if (measured.Length == 0)
            return null;
        string[] headers = ["lines", "probes", "steps", "products", "mass", "σ", "open", "σ (decades)", "open"];
        return new SummaryTable(
            "Spectral densities",
            [new SummaryColumn("operator", IsNumeric: false), .. headers.Select(static header => new SummaryColumn(header, IsNumeric: true))],
            [.. measured.Select(static spectrum => Row(spectrum.Operator, spectrum.Density!))],
            ["lines: known eigenvalues, deflated exactly; mass: of nodes and lines as computed; σ: standard deviation of the Gaussian kernel, in λ and in decades; open: share of the smoothed spectrum at points where the last quarter of the steps changed the estimate by more than its band is wide."]);
    }

    private static IReadOnlyList<string> Row(string name, DensityReport density) =>
    [
        name, Format.Text(density.Lines.Count), Format.Text(density.Probes), Format.Text(density.Steps), Format.Text(density.OperatorApplications), Format.Text(density.TotalMass),
        Width(density.Linear), Open(density.Linear), Width(density.Log), Open(density.Log),
    ];

    private static string Width(DensityCurveReport? curve) => curve is null ? Format.Undefined : Format.Text(curve.KernelWidth);

    private static string Open(DensityCurveReport? curve) => curve is null ? Format.Undefined : Format.Percent(DensityResolution.UnresolvedShare(curve));
}
