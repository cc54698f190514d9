using System.Globalization;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>The spectral density of an operator on a linear and on a logarithmic axis of eigenvalues.</summary>
internal static class DensityFigures
{
    // The axis of densities ends a decade below a single eigenvalue.
    private const double BelowLine = 0.1;
    private const double Tail = 0.05;
    private const int MostTicks = 9;

    /// <summary>Both figures; none where every eigenvalue is a line, or no density was estimated.</summary>
    /// <param name="spectrum">The spectrum.</param>
    /// <param name="id">Name of the spectrum's own figure.</param>
    /// <param name="title">Its title.</param>
    public static IEnumerable<DensityFigure> Of(SpectrumReport spectrum, string id, string title)
    {
        if (spectrum.Density is not { } density)
            yield break;
        if (density.Linear is { } linear)
        {
            PageFigureText text = new($"{id}-density", $"Density of the spectrum: {title}", Range(spectrum, density), Formulas.Density);
            yield return Build(text, spectrum, density, linear, static value => value, static (curve, values) => Axes.Linear("eigenvalue λ", values, curve.Values[0], curve.Values[^1]), "share of the spectrum per unit of λ");
        }
        if (density.Log is { LinearThreshold: { } threshold } log)
        {
            PageFigureText text = new($"{id}-density-log", $"Density on a logarithmic scale: {title}", Signs(density, threshold), Formulas.LogDensity);
            yield return Build(text, spectrum, density, log, value => Logarithm(value, threshold), (curve, values) => LogAxis(curve, values, threshold), "share of the spectrum per decade");
        }
    }

    /// <summary>The coordinate of a symmetric logarithm, in decades: asinh(λ / 2τ) / ln 10.</summary>
    /// <param name="value">λ.</param>
    /// <param name="threshold">τ &gt; 0.</param>
    public static double Logarithm(double value, double threshold) => Math.Asinh(value / (2.0 * threshold)) / Math.Log(10.0);

    private static DensityFigure Build(PageFigureText text, SpectrumReport spectrum, DensityReport density, DensityCurveReport curve, Func<double, double> place, Func<DensityCurveReport, IReadOnlyList<double>, PageAxis> axis, string label)
    {
        double line = 1.0 / (spectrum.Dimension * curve.KernelWidth * Math.Sqrt(2.0 * Math.PI));
        PageAxis y = Axes.Logarithmic(label, [BelowLine * line, line, .. Highs(curve).Where(high => high >= BelowLine * line)]);
        double[] positions = [.. curve.Values.Select(place)];
        bool[] drawn = [.. Highs(curve).Select(high => high >= y.Min)];
        return new DensityFigure
        {
            Id = text.Id,
            Title = text.Title,
            Sentence = text.Sentence,
            Formula = text.Formula,
            Note = Caption(density, curve),
            X = axis(curve, density.Lines),
            Y = y,
            Positions = positions,
            Values = curve.Values,
            Density = [.. curve.Density.Select(value => value >= y.Min ? value : (double?)null)],
            Low = [.. Highs(curve).Select((high, i) => high >= y.Min ? Math.Max(y.Min, curve.Density[i] - curve.HalfWidth[i]) : (double?)null)],
            High = [.. Highs(curve).Select(high => high >= y.Min ? high : (double?)null)],
            Confidence = density.Confidence,
            Unresolved = [.. Stretches(positions, DensityResolution.IsResolved(curve), drawn)],
            Lines = [.. density.Lines.Select(value => new PageTick(place(value), value))],
            LineHeight = line,
        };
    }

    private static IEnumerable<double> Highs(DensityCurveReport curve) => curve.Density.Select((value, i) => value + curve.HalfWidth[i]);

    private static IEnumerable<PageInterval> Stretches(double[] positions, bool[] resolved, bool[] drawn)
    {
        for (int start = 0; start < positions.Length; start++)
        {
            int end = start;
            while (end < positions.Length && drawn[end] && !resolved[end])
                end++;
            if (end > start)
                yield return new PageInterval(positions[start], positions[end - 1]);
            start = end;
        }
    }

    private static PageAxis LogAxis(DensityCurveReport curve, IReadOnlyList<double> lines, double threshold)
    {
        double low = Math.Min(curve.Values[0], lines.DefaultIfEmpty(curve.Values[0]).Min()), high = Math.Max(curve.Values[^1], lines.DefaultIfEmpty(curve.Values[^1]).Max());
        PageAxis axis = new("eigenvalue λ", IsLogarithmic: false, Logarithm(low, threshold), Logarithm(high, threshold) + curve.KernelWidth);
        int last = (int)Math.Floor(Math.Log10(Math.Max(Math.Abs(low), Math.Abs(high)))), first = (int)Math.Ceiling(Math.Log10(threshold)) + 1;
        int step = Math.Max(1, (int)Math.Ceiling((last - first + 1) * (low < -threshold ? 2 : 1) / (double)MostTicks));
        double[] powers = [.. Enumerable.Range(0, Math.Max(1, last - first + 1)).Where(k => k % step == 0).Select(k => Math.Pow(10.0, last - k))];
        double[] values = [.. powers.Select(static power => -power), 0.0, .. powers.Reverse()];
        return axis with { Ticks = [.. values.Select(value => new PageTick(Logarithm(value, threshold), value)).Where(tick => tick.Position >= axis.Min && tick.Position <= axis.Max)] };
    }

    private static string Range(SpectrumReport spectrum, DensityReport density) =>
        $"Of {Format.Text(spectrum.Dimension)} eigenvalues {Format.Text(density.Lines.Count)} are known and drawn as lines; of the others about nine in ten lie between {Format.Text(Quantile(density, Tail))} and {Format.Text(Quantile(density, 1.0 - Tail))}.";

    private static string Signs(DensityReport density, double threshold)
    {
        double mass = density.Weights.Sum();
        double Share(Func<double, bool> holds) => mass > 0.0 ? Enumerable.Range(0, density.Nodes.Count).Where(i => holds(density.Nodes[i])).Sum(i => density.Weights[i]) / mass : 0.0;
        return $"Besides the lines about {Format.Percent(Share(value => value < -threshold))} of the spectrum lie below −{Format.Text(threshold)} and {Format.Percent(Share(value => value > threshold))} above {Format.Text(threshold)}; between them the axis is linear through zero.";
    }

    private static double Quantile(DensityReport density, double share)
    {
        double target = share * density.Weights.Sum(), sum = 0.0;
        for (int i = 0; i < density.Nodes.Count; i++)
        {
            sum += density.Weights[i];
            if (sum >= target)
                return density.Nodes[i];
        }
        return density.Nodes[^1];
    }

    private static string Caption(DensityReport density, DensityCurveReport curve)
    {
        double open = DensityResolution.UnresolvedShare(curve);
        string unit = curve.LinearThreshold is null ? "" : " decades";
        string confidence = (100.0 * density.Confidence).ToString("G3", CultureInfo.InvariantCulture);
        string caption = $"Gaussian kernel of standard deviation {Format.Text(curve.KernelWidth)}{unit}; {Format.Text(density.Probes)} probes of {Format.Text(density.Steps)} Lanczos steps. "
            + $"The band holds the exact spectrum, smoothed by the same kernel, with probability {confidence} % at each point. A line is as high as the kernel makes a single eigenvalue; all masses together are {Format.Text(density.TotalMass)}.";
        return open > 0.0
            ? $"{caption} Where the axis is marked, at {Format.Percent(open)} of the curve's mass, the last quarter of the steps changed the estimate by more than the band is wide: the kernel is narrower there than the steps resolve."
            : caption;
    }
}
