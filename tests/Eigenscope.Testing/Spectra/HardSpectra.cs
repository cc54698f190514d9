namespace Eigenscope.Testing.Spectra;

/// <summary>Generators of hard spectra.</summary>
public static class HardSpectra
{
    /// <summary>The spectra every eigensolver here must get right, with their multiplicities.</summary>
    /// <param name="n">Dimension, ≥ 150.</param>
    /// <returns>Named spectra.</returns>
    public static IEnumerable<HardSpectrum> All(int n) =>
    [
        Equal("identity", n, 1.0, 12),
        Equal("zero", n, 0.0, 7),
        RankThree(n),
        OutliersOverBulk(n, 3), OutliersOverBulk(n, 6), OutliersOverBulk(n, 10),
        OutliersOverZero(n, 4), OutliersOverZero(n, 10),
        PlusMinus(n),
        Repeated(n),
        PowerLaw(n, 1.0), PowerLaw(n, 2.0),
        Exponential(n),
        RankDeficient(n),
        Indefinite(n),
        Shifted(n),
        OutliersOverBulk(n, 4).Scaled(1e20), OutliersOverBulk(n, 4).Scaled(1e-20),
        OutliersOverBulk(n, 3).Scaled(1e150), OutliersOverBulk(n, 3).Scaled(1e-150),
        new("one dimension", [-3.5], 1),
    ];

    /// <summary>One value n times.</summary>
    public static HardSpectrum Equal(string name, int n, double value, int top) => new(name, [.. Enumerable.Repeat(value, n)], top);

    /// <summary>Three eigenvalues that are not zero; asks for more than there are.</summary>
    public static HardSpectrum RankThree(int n) => Descending("rank 3", n, 8, i => i < 3 ? 3.0 - i : 0.0);

    /// <summary>K² equal outliers at 10 over a continuous bulk in (0, 1]: a Krylov space from b vectors sees at most b of them.</summary>
    public static HardSpectrum OutliersOverBulk(int n, int classes) =>
        Descending($"{classes}² equal outliers over a bulk", n, classes * classes, i => i < classes * classes ? 10.0 : Uniform(i - (classes * classes), n - (classes * classes)));

    /// <summary>K² equal outliers over zero.</summary>
    public static HardSpectrum OutliersOverZero(int n, int classes) =>
        Descending($"{classes}² equal outliers over zero", n, (classes * classes) + 3, i => i < classes * classes ? 2.0 : 0.0);

    /// <summary>A spectrum symmetric about zero, with the largest values twice.</summary>
    public static HardSpectrum PlusMinus(int n) =>
        Descending("± symmetric", n, 10, i => Math.Sign(n - 1 - (2 * i)) * Math.Exp(-0.3 * (Math.Min(i, n - 1 - i) / 2)));

    /// <summary>Pairs of equal values.</summary>
    public static HardSpectrum Repeated(int n) => Descending("repeated pairs", n, 12, i => 1.0 / (1 + (i / 2)));

    /// <summary>i^(−exponent).</summary>
    public static HardSpectrum PowerLaw(int n, double exponent) => Descending($"power law {exponent}", n, 12, i => Math.Pow(i + 1, -exponent));

    /// <summary>exp(−i/5): falls to rounding within the wanted range of many solvers.</summary>
    public static HardSpectrum Exponential(int n) => Descending("exponential decay", n, 20, i => Math.Exp(-i / 5.0));

    /// <summary>Half the spectrum zero.</summary>
    public static HardSpectrum RankDeficient(int n) => Descending("rank deficient", n, 10, i => i < n / 2 ? 1.0 - (i / (double)n) - (i > 10 ? 0.3 : 0.0) : 0.0);

    /// <summary>Outliers at both ends, the negative ones larger.</summary>
    public static HardSpectrum Indefinite(int n) => Descending("indefinite", n, 5, i => i < 5 ? 3.0 - (0.3 * i) : i >= n - 5 ? -10.0 - i + n - 5 : Uniform(i, n) - 0.5);

    /// <summary>Nearly a multiple of the identity: 1 + 10⁻³ · (a decaying spectrum).</summary>
    public static HardSpectrum Shifted(int n) => Descending("shifted", n, 6, i => 1.0 + (1e-3 * Math.Exp(-i / 2.0)));

    /// <summary>Groups of values 10⁻¹⁰ apart, over a bulk.</summary>
    public static HardSpectrum Clustered(int n) => Descending("clustered to 1e-10", n, 10, i => i < 5 ? 2.0 - (1e-10 * i) : i < 10 ? 1.0 - (1e-10 * i) : 0.3 * Uniform(i, n));

    private static double Uniform(int i, int count) => 1.0 - ((i + 0.5) / count);

    private static HardSpectrum Descending(string name, int n, int top, Func<int, double> value) =>
        new(name, [.. Enumerable.Range(0, n).Select(value).OrderDescending()], top);
}
