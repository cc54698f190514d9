using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Estimators;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;
using Eigenscope.Testing.Spectra;

namespace Eigenscope.Numerics.Tests.Estimators;

public sealed class SpectralDensityTests
{
    private const int Dimension = 300;
    private const double Rounding = 1e-12;

    // Two tails beyond five standard deviations of a Gaussian.
    private const double MassBeyondTheGrid = 6e-7;

    public static TheoryData<string> Spectra() => [.. HardSpectra.All(Dimension).Select(static spectrum => spectrum.Name)];

    [Theory]
    [MemberData(nameof(Spectra))]
    public void Mass_sums_to_one_and_moments_are_those_of_the_probes(string name)
    {
        HardSpectrum law = HardSpectra.All(Dimension).Single(spectrum => spectrum.Name == name);
        SpectralDensity density = Estimate(law.Operator(), new SpectralDensityOptions { Steps = 40 });
        double scale = law.Eigenvalues.Max(Math.Abs);
        Assert.Equal(1.0, density.TotalMass, Rounding);
        Assert.All(density.Probes, probe => Assert.Equal(1.0, probe.Weights.Sum(), Rounding));
        Assert.All(density.Nodes, node => Assert.InRange(node, law.Eigenvalues[^1] - (Rounding * scale), law.Eigenvalues[0] + (Rounding * scale)));
        Assert.Equal(1.0, GridMass(density.Linear!), MassBeyondTheGrid);
        Assert.Equal(1.0, GridMass(density.Log!), MassBeyondTheGrid);
    }

    [Fact]
    public void Quadratures_have_the_moments_of_their_probes()
    {
        double[] eigenvalues = [.. Enumerable.Range(0, 50).Select(i => Math.Cos(i * 0.7))];
        const int Steps = 6;
        SpectralDensity density = Estimate(new DiagonalOperator(eigenvalues), new SpectralDensityOptions { Steps = Steps, Probes = 3, BlockSize = 2 });
        RandomStream same = new(7);
        foreach (GaussQuadrature probe in density.Probes)
        {
            double[] vector = new double[eigenvalues.Length];
            same.FillNormal(vector);
            double square = vector.Sum(static entry => entry * entry);
            for (int power = 0; power < 2 * Steps; power++)
            {
                double expected = vector.Zip(eigenvalues, (entry, value) => entry * entry * Math.Pow(value, power)).Sum() / square;
                Assert.Equal(expected, probe.Nodes.Zip(probe.Weights, (node, weight) => weight * Math.Pow(node, power)).Sum(), Rounding);
            }
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-3.5)]
    [InlineData(1e-120)]
    [InlineData(1e120)]
    public void A_multiple_of_the_identity_is_one_node(double value)
    {
        PrescribedSpectrumOperator a = HardSpectra.Equal("equal", Dimension, value, 0).Operator();
        SpectralDensity density = Estimate(a, new SpectralDensityOptions());
        Assert.All(density.Probes, probe => Assert.Single(probe.Nodes));
        Assert.All(density.Nodes, node => Assert.InRange(Math.Abs(node - value), 0, Rounding * Math.Abs(value)));
        Assert.Equal(10, a.Applications);
        Assert.InRange(density.Linear!.HalfWidth.Max(), 0, Rounding * density.Linear.Density.Max());
        Assert.Equal(1.0, GridMass(density.Linear), MassBeyondTheGrid);
    }

    [Fact]
    public void A_closed_krylov_space_gives_the_eigenvalues_themselves()
    {
        PrescribedSpectrumOperator a = HardSpectra.RankThree(Dimension).Operator();
        SpectralDensity density = Estimate(a, new SpectralDensityOptions { Probes = 5 });
        Assert.All(density.Probes, probe =>
        {
            Assert.Equal(4, probe.Nodes.Count);
            for (int i = 0; i < 4; i++)
                Assert.Equal(i, probe.Nodes[i], Rounding);
        });
        Assert.Equal(20, density.OperatorApplications);
        Assert.Equal(20, a.Applications);
        Assert.Equal(0, density.Linear!.StepChange.Max(), Rounding * density.Linear.Density.Max());
    }

    [Fact]
    public void Deflated_eigenvalues_are_lines_and_do_not_come_back()
    {
        HardSpectrum law = SpectralLaws.Indefinite(Dimension);
        EigenPairs known = SymmetricEigensolver.Solve(law.Operator(), new EigenOptions { Top = 10, Bottom = 5, DenseLimit = 0 }, TestCompute.Auto, new RandomStream(1));
        SpectralDensity density = Estimate(law.Operator(), new SpectralDensityOptions { Known = known, Steps = 120 });
        Assert.Equal(15, density.Lines.Count);
        Assert.All(density.Lines, line => Assert.Equal(1.0 / Dimension, line.Mass));
        double[] outliers = [.. law.Eigenvalues.Take(10).Concat(law.Eigenvalues.TakeLast(5))];
        for (int i = 0; i < outliers.Length; i++)
            Assert.Equal(outliers[i], density.Lines[i].Value, 1e-10);
        Assert.All(density.Nodes, node => Assert.InRange(node, -1, 1));
        Assert.Equal(1.0, density.TotalMass, Rounding);
        Assert.Equal((Dimension - 15.0) / Dimension, GridMass(density.Linear!), MassBeyondTheGrid);
    }

    [Fact]
    public void A_complete_solve_leaves_lines_only()
    {
        PrescribedSpectrumOperator a = HardSpectra.PowerLaw(40, 1).Operator();
        EigenPairs known = SymmetricEigensolver.Solve(a, new EigenOptions { Top = 40, Bottom = 3 }, TestCompute.Auto, new RandomStream(1));
        int before = a.Applications;
        SpectralDensity density = Estimate(a, new SpectralDensityOptions { Known = known });
        Assert.Equal(40, density.Lines.Count);
        Assert.Equal(before, a.Applications);
        Assert.Null(density.Linear);
        Assert.Null(density.Log);
        Assert.Equal(1.0, density.TotalMass, Rounding);
    }

    [Fact]
    public void Pairs_listed_at_both_ends_are_deflated_once()
    {
        DiagonalOperator a = new([4, 1, 3, 2, 2.5]);
        EigenPairs known = SymmetricEigensolver.Solve(a, new EigenOptions { Top = 3, Bottom = 3, DenseLimit = 0 }, TestCompute.Auto, new RandomStream(1));
        SpectralDensity density = Estimate(a, new SpectralDensityOptions { Known = known });
        Assert.Equal([4, 3, 2.5, 2, 1], density.Lines.Select(static line => Math.Round(line.Value, 10)));
    }

    [Fact]
    public void Pairs_beyond_their_tolerance_are_no_lines()
    {
        HardSpectrum law = HardSpectra.PowerLaw(Dimension, 0.3);
        EigenPairs rough = SymmetricEigensolver.Solve(law.Operator(), new EigenOptions { Top = 6, DenseLimit = 0, MaxApplications = 60, Tolerance = 1e-10 }, TestCompute.Auto, new RandomStream(1));
        Assert.False(rough.Convergence.IsConverged);
        SpectralDensity density = Estimate(law.Operator(), new SpectralDensityOptions { Known = rough });
        Assert.Equal(rough.Residuals.Count(residual => residual <= 1e-10), density.Lines.Count);
        Assert.Equal(1.0, density.TotalMass, Rounding);
    }

    [Fact]
    public void Blocks_change_the_cost_and_not_the_result()
    {
        HardSpectrum law = SpectralLaws.MarchenkoPastur(Dimension, 0.5);
        SpectralDensity together = Estimate(law.Operator(), new SpectralDensityOptions { Steps = 20, BlockSize = 10 });
        SpectralDensity alone = Estimate(law.Operator(), new SpectralDensityOptions { Steps = 20, BlockSize = 1 });
        for (int i = 0; i < together.Nodes.Count; i++)
        {
            Assert.Equal(together.Nodes[i], alone.Nodes[i], 1e-9);
            Assert.Equal(together.Weights[i], alone.Weights[i], 1e-9);
        }
    }

    [Fact]
    public void Same_seed_gives_the_same_bits()
    {
        HardSpectrum law = HardSpectra.Indefinite(Dimension);
        Assert.Equal(Estimate(law.Operator(), new SpectralDensityOptions()).Linear!.Density, Estimate(law.Operator(), new SpectralDensityOptions()).Linear!.Density);
    }

    [Fact]
    public void Grids_stand_for_the_coordinate_they_name()
    {
        SpectralDensity density = Estimate(HardSpectra.Indefinite(Dimension).Operator(), new SpectralDensityOptions { LinearThreshold = 1e-3, GridPoints = 600 });
        DensityCurve log = density.Log!;
        Assert.Equal(1e-3, log.LinearThreshold);
        Assert.Null(density.Linear!.LinearThreshold);
        for (int i = 0; i < log.Values.Count; i += 50)
        {
            double value = log.Values[i];
            if (Math.Abs(value) > 0.1)
                Assert.Equal(Math.Sign(value) * Math.Log10(Math.Abs(value) / 1e-3), log.Coordinates[i], 1e-4);
        }
        Assert.Equal(density.Linear.Coordinates, density.Linear.Values);
    }

    [Fact]
    public void The_width_follows_the_remainder_and_the_steps()
    {
        HardSpectrum law = SpectralLaws.MarchenkoPastur(Dimension, 0.5);
        SpectralDensity density = Estimate(law.Operator(), new SpectralDensityOptions { Steps = 25 });
        double range = law.Eigenvalues[0] - law.Eigenvalues[^1];
        Assert.InRange(density.Resolution, 0.95 * range / 25, range / 25);
        Assert.Equal(1.5 * density.Resolution, density.Linear!.KernelWidth, Rounding);
        Assert.Equal(0.02, Estimate(law.Operator(), new SpectralDensityOptions { KernelWidth = 0.02 }).Linear!.KernelWidth);
    }

    [Fact]
    public void Narrow_kernels_get_the_grid_they_need_or_are_refused()
    {
        HardSpectrum law = SpectralLaws.MarchenkoPastur(Dimension, 0.5);
        DensityCurve curve = Estimate(law.Operator(), new SpectralDensityOptions { KernelWidth = 1e-3, GridPoints = 10 }).Linear!;
        Assert.InRange(curve.Coordinates[1] - curve.Coordinates[0], 0, 1e-3);
        Assert.Contains(curve.StepChange.Zip(curve.HalfWidth), pair => pair.First > pair.Second);
        Assert.Throws<ArgumentException>(() => Estimate(law.Operator(), new SpectralDensityOptions { KernelWidth = 1e-12 }));
    }

    [Fact]
    public void Wrong_options_are_listed_together()
    {
        EigenPairs strange = SymmetricEigensolver.Solve(new IdentityOperator(4), new EigenOptions { KeepVectors = false }, TestCompute.Auto, new RandomStream(1));
        SpectralDensityOptions wrong = new() { Probes = 1, Steps = 0, KernelWidth = 0, LogKernelWidth = double.NaN, LinearThreshold = -1, GridPoints = 1, Confidence = 1, BlockSize = -1, Known = strange };
        ArgumentException error = Assert.Throws<ArgumentException>(() => Estimate(new IdentityOperator(3), wrong));
        Assert.Equal("options", error.ParamName);
        Assert.All(new[] { "Probes", "Steps", "KernelWidth", "LogKernelWidth", "LinearThreshold", "GridPoints", "Confidence", "BlockSize", "dimension 4", "KeepVectors" }, name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Wrong_operators_and_non_finite_products_are_refused()
    {
        Assert.Equal("operand", Assert.Throws<ArgumentException>(() => Estimate(new DenseOperator(new Tensor<double>(2, 2), TestCompute.Auto), new SpectralDensityOptions())).ParamName);
        Assert.Equal("operand", Assert.Throws<ArgumentException>(() => Estimate(new IdentityOperator(0), new SpectralDensityOptions())).ParamName);
        Assert.Throws<LinearAlgebraException>(() => Estimate(new DiagonalOperator([1, double.NaN, 3]), new SpectralDensityOptions()));
    }

    [Fact]
    public void Cancellation_ends_it()
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => SpectralDensityEstimator.Estimate(new IdentityOperator(3), new SpectralDensityOptions(), TestCompute.Auto, new RandomStream(1), null, source.Token));
    }

    private static double GridMass(DensityCurve curve) => curve.Density.Sum() * (curve.Coordinates[1] - curve.Coordinates[0]);

    private static SpectralDensity Estimate(LinearOperator a, SpectralDensityOptions options) =>
        SpectralDensityEstimator.Estimate(a, options, TestCompute.Auto, new RandomStream(7));
}
