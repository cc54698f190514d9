using System.Globalization;
using Eigenscope.Experiments.Reports;

namespace Eigenscope.Experiments.Benchmarks;

/// <summary>How costs grow, for people.</summary>
internal static class BenchScalingReport
{
    private static readonly SummaryColumn[] Columns = [new("model", false), new("operator", false), new("grows with", false), new("from", true), new("to", true), new("ms", true), new("to ms", true), new("exponent", true), new("± s.e.", true)];

    /// <summary>A sentence for each series.</summary>
    public static IEnumerable<string> Findings(IReadOnlyList<BenchScaling> scaling) => scaling.Select(static series => string.Create(
        CultureInfo.InvariantCulture,
        $"{series.Model}, {series.Operator} in {series.Precision}: time grows as {series.Quantity}^{series.Exponent:F2} (standard error {series.StandardError:F2})."));

    /// <summary>One table, or none.</summary>
    public static IReadOnlyList<SummaryTable> Tables(IReadOnlyList<BenchScaling> scaling) => scaling.Count == 0
        ? []
        : [new SummaryTable("Scaling", Columns, [.. scaling.Select(Row)], ["Exponents are fitted to the logarithms of the medians over windows. A block's time is that of all its vectors together; eigenpairs are computed to residuals of 1e-6."])];

    private static string[] Row(BenchScaling series) =>
    [
        series.Model,
        $"{series.Operator}, {series.Precision}",
        series.Quantity,
        Format.Text(series.Points[0].Value),
        Format.Text(series.Points[^1].Value),
        Format.Text(series.Points[0].Milliseconds),
        Format.Text(series.Points[^1].Milliseconds),
        series.Exponent.ToString("F2", CultureInfo.InvariantCulture),
        series.StandardError.ToString("F2", CultureInfo.InvariantCulture),
    ];
}
