using Eigenscope.Numerics.Estimators;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Testing.Spectra;
using Xunit.Abstractions;

namespace Eigenscope.Numerics.Tests.Estimators;

/// <summary>The promise of the density's band and of its quadrature, over 200 seeds on operators of dimension 2,000 whose spectrum is known.</summary>
public sealed class SpectralDensityCoverageTests(ITestOutputHelper output)
{
    private const int Dimension = 2000;
    private const int Seeds = 200;
    private const int LogSeeds = 50;

    // A 90 % band; the average over seeds of the share of grid points covered.
    private const double LeastCoverage = 0.85;
    private const double MostCoverage = 0.95;

    // An exactly degenerate remainder has a band of zero width: agreement to this counts.
    private const double ExactAgreement = 1e-8;

    private static readonly SpectralDensityOptions Options = new() { Probes = 8, Steps = 24, GridPoints = 60 };

    [Fact]
    public void Bands_cover_a_marchenko_pastur_spectrum()
    {
        HardSpectrum law = SpectralLaws.MarchenkoPastur(Dimension, 0.5);
        Assert.InRange(MeanCoverage(law, null, [.. law.Eigenvalues]), LeastCoverage, MostCoverage);
    }

    [Fact]
    public void Bands_cover_an_indefinite_spectrum_with_its_outliers_deflated()
    {
        HardSpectrum law = SpectralLaws.Indefinite(Dimension);
        double[] rest = [.. law.Eigenvalues.Skip(10).Take(Dimension - 15)];
        Assert.InRange(MeanCoverage(law, Outliers(law, 10, 5), rest), LeastCoverage, MostCoverage);
    }

    [Fact]
    public void A_collapsed_spectrum_is_exact_once_its_outliers_are_deflated()
    {
        HardSpectrum law = SpectralLaws.Collapsed(Dimension, 16);
        EigenPairs known = Outliers(law, 16, 0);
        double[] rest = [.. law.Eigenvalues.Skip(16)];
        PrescribedSpectrumOperator a = Operator(law);
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            SpectralDensity density = SpectralDensityEstimator.Estimate(a, Options with { Known = known }, TestCompute.Auto, new RandomStream(seed));
            Assert.Equal(16, density.Lines.Count);
            Assert.All(density.Probes, probe => Assert.Single(probe.Nodes));
            Assert.All(density.Nodes, node => Assert.Equal(0.005, node, ExactAgreement));
            AssertExact(density.Linear!, rest);
            AssertExact(density.Log!, rest);
            Assert.InRange(Distance(density, law), 0, ExactAgreement);
        }
    }

    [Fact]
    public void Logarithmic_bands_cover_where_the_steps_resolve()
    {
        HardSpectrum law = HardSpectra.PowerLaw(Dimension, 1.0);
        double covered = 0;
        double resolved = 0;
        for (ulong seed = 0; seed < LogSeeds; seed++)
        {
            DensityCurve curve = Diagonal(law, Options with { LogKernelWidth = 0.15, Steps = 40 }, seed).Log!;
            double[] exact = SmoothedSpectrum.On(curve, law.Eigenvalues, Dimension);
            double threshold = 0.01 * exact.Max();
            int[] points = [.. Enumerable.Range(0, exact.Length).Where(i => exact[i] > threshold)];
            int[] trusted = [.. points.Where(i => curve.StepChange[i] < 0.1 * curve.HalfWidth[i])];
            resolved += (double)trusted.Length / points.Length / LogSeeds;
            covered += trusted.Count(i => Math.Abs(curve.Density[i] - exact[i]) <= curve.HalfWidth[i]) / (double)trusted.Length / LogSeeds;
        }
        output.WriteLine($"logarithmic: coverage {covered:G4} of the {resolved:P0} resolved");
        Assert.InRange(covered, LeastCoverage, MostCoverage);
        Assert.InRange(resolved, 0.3, 1.0);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(64)]
    public void What_finite_steps_leave_undone_is_far_below_the_band(int steps)
    {
        HardSpectrum law = SpectralLaws.MarchenkoPastur(Dimension, 0.5);
        DensityCurve curve = Diagonal(law, Options with { Steps = steps }, 5).Linear!;
        // The same probes at four times the steps, through the same kernel: what changes is the bias.
        SpectralDensity long1 = Diagonal(law, Options with { Steps = 4 * steps, KernelWidth = curve.KernelWidth }, 5);
        double[] grid = [.. curve.Coordinates];
        for (int i = 0; i < grid.Length; i++)
        {
            double exact = long1.Nodes.Zip(long1.Weights, (node, weight) => weight * Math.Exp(-0.5 * Math.Pow((node - grid[i]) / curve.KernelWidth, 2))).Sum() / (curve.KernelWidth * Math.Sqrt(2 * Math.PI));
            Assert.InRange(Math.Abs(exact - curve.Density[i]), 0, (0.05 * curve.HalfWidth[i]) + (1e-4 * curve.Density.Max()));
        }
    }

    private static EigenPairs Outliers(HardSpectrum law, int top, int bottom)
    {
        EigenPairs pairs = SymmetricEigensolver.Solve(Operator(law), new EigenOptions { Top = top, Bottom = bottom, DenseLimit = 0, Tolerance = 1e-10 }, TestCompute.Auto, new RandomStream(1));
        Assert.True(pairs.Convergence.IsConverged);
        return pairs;
    }

    // One reflection makes the eigenvectors dense; the probes are isotropic, and more would change nothing but the time.
    private static PrescribedSpectrumOperator Operator(HardSpectrum law) => new([.. law.Eigenvalues], seed: 3, reflections: 1);

    private static SpectralDensity Diagonal(HardSpectrum law, SpectralDensityOptions options, ulong seed) =>
        SpectralDensityEstimator.Estimate(new DiagonalOperator([.. law.Eigenvalues]), options, TestCompute.Auto, new RandomStream(seed));

    private static void AssertExact(DensityCurve curve, double[] rest)
    {
        double[] exact = SmoothedSpectrum.On(curve, rest, Dimension);
        double allowed = ExactAgreement * exact.Max();
        for (int i = 0; i < exact.Length; i++)
            Assert.InRange(curve.Density[i], exact[i] - allowed, exact[i] + allowed);
    }

    // Moments up to 2 m − 1 agree with the probe's own measure, and a Lipschitz function is a polynomial of that degree up to π R / (8 m) by Jackson's theorem: each probe is within twice that
    // of its measure, and the mean of the measures is the spectrum up to sampling, R / √(n · probes) in size.
    private static double DistanceBound(double range, SpectralDensityOptions options) =>
        range * ((Math.PI / (4 * options.Steps)) + (1 / Math.Sqrt((double)Dimension * options.Probes)));

    private static double Distance(SpectralDensity density, HardSpectrum law) =>
        SmoothedSpectrum.Wasserstein(density.Lines.Select(line => (line.Value, line.Mass)).Concat(density.Nodes.Zip(density.Weights)), law.Eigenvalues.Select(static value => (value, 1.0 / Dimension)));

    private double MeanCoverage(HardSpectrum law, EigenPairs? known, double[] rest)
    {
        LinearOperator a = known is null ? new DiagonalOperator([.. law.Eigenvalues]) : Operator(law);
        double coverage = 0;
        double distance = 0;
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            SpectralDensity density = SpectralDensityEstimator.Estimate(a, Options with { Known = known }, TestCompute.Auto, new RandomStream(seed));
            DensityCurve curve = density.Linear!;
            coverage += SmoothedSpectrum.Coverage(curve, SmoothedSpectrum.On(curve, rest, Dimension)) / Seeds;
            double w1 = Distance(density, law);
            distance += w1 / Seeds;
            Assert.InRange(w1, 0, DistanceBound(rest.Max() - rest.Min(), Options));
        }
        output.WriteLine($"{law.Name}: coverage {coverage:G4}, mean Wasserstein-1 distance {distance:G4}, bound {DistanceBound(rest.Max() - rest.Min(), Options):G4}");
        return coverage;
    }
}
