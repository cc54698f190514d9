namespace Eigenscope.Testing.Spectra;

/// <summary>Spectra that follow a law, at its quantiles, for estimators of a whole spectrum.</summary>
public static class SpectralLaws
{
    private const int Cells = 200_000;

    /// <summary>A few equal outliers over one value that all the rest shares: curvature at a collapsed optimum.</summary>
    /// <param name="n">Dimension.</param>
    /// <param name="outliers">Number of outliers.</param>
    public static HardSpectrum Collapsed(int n, int outliers) =>
        new("collapsed", [.. Enumerable.Range(0, n).Select(i => i < outliers ? 2.5 : 0.005)], outliers);

    /// <summary>Quantiles of the Marchenko–Pastur law, ratio γ ≤ 1, unit variance: density √((b − x)(x − a)) / (2 π γ x) on a, b = (1 ∓ √γ)².</summary>
    /// <param name="n">Dimension.</param>
    /// <param name="ratio">γ in (0, 1].</param>
    public static HardSpectrum MarchenkoPastur(int n, double ratio)
    {
        double low = Math.Pow(1 - Math.Sqrt(ratio), 2);
        double high = Math.Pow(1 + Math.Sqrt(ratio), 2);
        return new("Marchenko–Pastur", Quantiles(n, low, high, x => Math.Sqrt((high - x) * (x - low)) / x), 0);
    }

    /// <summary>A semicircle on (−1, 1) with outliers at both ends, ten above and five below.</summary>
    /// <param name="n">Dimension.</param>
    public static HardSpectrum Indefinite(int n)
    {
        IEnumerable<double> above = Enumerable.Range(0, 10).Select(i => 6.0 - (0.4 * i));
        IEnumerable<double> below = Enumerable.Range(0, 5).Select(i => -4.0 + (0.5 * i));
        return new("indefinite with outliers", [.. above.Concat(below).Concat(Quantiles(n - 15, -1, 1, x => Math.Sqrt(1 - (x * x)))).OrderDescending()], 10);
    }

    private static double[] Quantiles(int count, double low, double high, Func<double, double> density)
    {
        double[] cumulative = new double[Cells + 1];
        double width = (high - low) / Cells;
        for (int i = 0; i < Cells; i++)
            cumulative[i + 1] = cumulative[i] + density(low + ((i + 0.5) * width));
        double[] values = new double[count];
        for (int i = 0, cell = 0; i < count; i++)
        {
            double target = (i + 0.5) / count * cumulative[Cells];
            while (cumulative[cell + 1] < target)
                cell++;
            values[count - 1 - i] = low + ((cell + ((target - cumulative[cell]) / (cumulative[cell + 1] - cumulative[cell]))) * width);
        }
        return values;
    }
}
