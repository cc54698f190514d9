using Eigenscope.Experiments.Recipes;

namespace Eigenscope.Experiments.Reports;

/// <summary>What every run says about its spectra: how many eigenvalues were asked for, and whether all of them converged.</summary>
internal static class SpectrumFindings
{
    private const int MostNamed = 4;

    public static IEnumerable<string> Describe(MeasurementPlan plan, IReadOnlyList<SpectrumReport> spectra)
    {
        long outliers = (long)plan.Classes * plan.Classes;
        if (plan.Pairs <= outliers)
            yield return $"Of each operator the {Format.Text(plan.Pairs)} largest eigenvalues were asked for, fewer than K² = {Format.Text(outliers)}; --top asks for more.";
        yield return Verdict(spectra);
    }

    private static string Verdict(IReadOnlyList<SpectrumReport> spectra)
    {
        SpectrumReport[] open = [.. spectra.Where(static spectrum => spectrum.Status is not ("converged" or "invariant-subspace"))];
        if (spectra.Count == 0)
            return "No spectrum was computed.";
        double worst = spectra.SelectMany(static spectrum => spectrum.Residuals).DefaultIfEmpty(0.0).Max();
        return open.Length == 0
            ? $"All {Format.Text(spectra.Count)} spectra converged; the largest residual is {Format.Text(worst)}."
            : $"{Format.Text(open.Length)} of {Format.Text(spectra.Count)} spectra did not converge: {string.Join(", ", open.Take(MostNamed).Select(static spectrum => $"{spectrum.Operator} {spectrum.Scope} ({spectrum.Status})"))}{(open.Length > MostNamed ? $" and {Format.Text(open.Length - MostNamed)} more" : "")}.";
    }
}
