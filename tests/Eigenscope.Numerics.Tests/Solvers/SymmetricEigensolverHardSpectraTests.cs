using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;
using Eigenscope.Testing.Spectra;

namespace Eigenscope.Numerics.Tests.Solvers;

public sealed class SymmetricEigensolverHardSpectraTests
{
    private const int Dimension = 400;

    // Residuals bound the error of an eigenvalue of a symmetric matrix; rounding adds c·eps·‖A‖.
    private const double Rounding = 1e-13;
    private const double OrthogonalityTolerance = 1e-12;

    private static readonly HardSpectrum[] Spectra = [.. HardSpectra.All(Dimension)];

    public static TheoryData<string, int> Cases
    {
        get
        {
            TheoryData<string, int> data = [];
            foreach (HardSpectrum spectrum in Spectra)
            {
                foreach (int block in new[] { 1, 2, 8 })
                    data.Add(spectrum.Name, block);
            }
            return data;
        }
    }

    public static TheoryData<string> Names => [.. Spectra.Select(spectrum => spectrum.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_and_multiplicities_are_right_by_iteration(string name, int block)
    {
        HardSpectrum spectrum = Find(name);
        PrescribedSpectrumOperator a = spectrum.Operator();
        EigenPairs pairs = SymmetricEigensolver.Solve(a, new EigenOptions { Top = spectrum.Top, BlockSize = block, DenseLimit = 0 }, TestCompute.Auto, new RandomStream(3));
        Assert.Equal("block-lanczos", pairs.Method);
        Assert.Equal(ConvergenceStatus.Converged, pairs.Convergence.Status);
        Assert.Equal(a.Applications, pairs.Convergence.OperatorApplications);
        Assert.Equal(spectrum.Top, pairs.Values.Count);
        CheckPairs(spectrum, pairs, 1e-8);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Values_and_multiplicities_are_right_by_the_dense_solve(string name)
    {
        HardSpectrum spectrum = Find(name);
        EigenPairs pairs = SymmetricEigensolver.Solve(spectrum.Operator(), new EigenOptions { Top = spectrum.Top }, TestCompute.Auto, new RandomStream(3));
        Assert.Equal("dense", pairs.Method);
        Assert.True(pairs.IsComplete);
        Assert.Equal(ConvergenceStatus.Converged, pairs.Convergence.Status);
        Assert.Equal(spectrum.Dimension, pairs.Values.Count);
        CheckPairs(spectrum, pairs, Rounding);
    }

    [Fact]
    public void Clusters_to_1e10_are_one_group_by_iteration()
    {
        HardSpectrum spectrum = HardSpectra.Clustered(Dimension);
        EigenPairs pairs = SymmetricEigensolver.Solve(spectrum.Operator(), new EigenOptions { Top = 10, DenseLimit = 0 }, TestCompute.Auto, new RandomStream(3));
        Assert.Equal([5, 5], pairs.Multiplicities.Select(group => group.Count));
        Assert.True(pairs.MultiplicityTolerance >= 1e-8 * pairs.Values[0]);
        CheckPairs(spectrum, pairs, 1e-8);
    }

    [Fact]
    public void Clusters_to_1e10_are_resolved_by_the_dense_solve()
    {
        HardSpectrum spectrum = HardSpectra.Clustered(Dimension);
        EigenPairs pairs = SymmetricEigensolver.Solve(spectrum.Operator(), new EigenOptions { Top = 10 }, TestCompute.Auto, new RandomStream(3));
        for (int i = 0; i < 4; i++)
            Assert.InRange(pairs.Values[i] - pairs.Values[i + 1], 1e-10 - Rounding, 1e-10 + Rounding);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void Both_ends_are_found(int block)
    {
        HardSpectrum spectrum = HardSpectra.Indefinite(Dimension);
        EigenPairs pairs = SymmetricEigensolver.Solve(spectrum.Operator(), new EigenOptions { Top = 5, Bottom = 5, BlockSize = block, DenseLimit = 0 }, TestCompute.Auto, new RandomStream(4));
        Assert.True(pairs.Convergence.IsConverged);
        CheckPairs(spectrum, pairs, 1e-8);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(spectrum.Eigenvalues[^(i + 1)], pairs.Smallest[i], 1e-6);
            Assert.InRange(pairs.SmallestResiduals[i], 0, 1e-8);
        }
        Assert.Equal(5, pairs.SmallestVectors!.Rows);
    }

    [Fact]
    public void Multiple_eigenvalues_at_the_bottom_are_counted_too()
    {
        double[] spectrum = [.. Enumerable.Range(0, Dimension).Select(i => i < 9 ? -5.0 : i / (double)Dimension).OrderDescending()];
        EigenPairs pairs = SymmetricEigensolver.Solve(new PrescribedSpectrumOperator(spectrum), new EigenOptions { Top = 0, Bottom = 10, DenseLimit = 0, Tolerance = 1e-6 }, TestCompute.Auto, new RandomStream(4));
        Assert.True(pairs.Convergence.IsConverged);
        Assert.Empty(pairs.Values);
        Assert.All(pairs.Smallest.Take(9), value => Assert.Equal(-5.0, value, 1e-6));
        Assert.Equal(9.0 / Dimension, pairs.Smallest[9], 1e-5);
    }

    [Fact]
    public void A_class_hessian_like_spectrum_keeps_its_groups()
    {
        // K outliers, K(K−1) below them, over a bulk; K = 5.
        double[] spectrum = [.. Enumerable.Range(0, Dimension).Select(i => i < 5 ? 8.0 : i < 25 ? 3.0 : 1.0 - (i / (double)Dimension))];
        EigenPairs pairs = SymmetricEigensolver.Solve(new PrescribedSpectrumOperator(spectrum), new EigenOptions { Top = 25, DenseLimit = 0 }, TestCompute.Auto, new RandomStream(4));
        Assert.Equal([5, 20], pairs.Multiplicities.Select(group => group.Count));
        Assert.Equal(8.0, pairs.Multiplicities[0].Value, 1e-7);
        Assert.Equal(3.0, pairs.Multiplicities[1].Value, 1e-7);
    }

    [Fact]
    public void Managed_kernels_give_the_same_values()
    {
        HardSpectrum spectrum = HardSpectra.OutliersOverBulk(Dimension, 3);
        EigenPairs pairs = SymmetricEigensolver.Solve(spectrum.Operator(), new EigenOptions { Top = 9, DenseLimit = 0 }, TestCompute.Managed, new RandomStream(3));
        CheckPairs(spectrum, pairs, 1e-8);
    }

    private static HardSpectrum Find(string name) => Spectra.Single(spectrum => spectrum.Name == name);

    private static void CheckPairs(HardSpectrum spectrum, EigenPairs pairs, double tolerance)
    {
        double largest = pairs.Values.Concat(pairs.Smallest).Max(Math.Abs);
        double norm = spectrum.Eigenvalues.Max(Math.Abs);
        // A value that is a rounding error beside ‖A‖ has no relative residual: 100 · 2⁻⁵² ‖A‖ is the floor the documentation names.
        double bound = Math.Max(tolerance * largest, 100 * 2.3e-16 * norm);
        double[] expected = [.. spectrum.Eigenvalues.Take(pairs.Values.Count)];
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.InRange(pairs.Values[i], expected[i] - bound - (Rounding * norm), expected[i] + bound + (Rounding * norm));
            Assert.InRange(TrueResidual(spectrum.Operator(), pairs, i), 0, bound);
        }
        Assert.Equal(Groups(expected, pairs.MultiplicityTolerance), pairs.Multiplicities.Select(group => group.Count));
        CheckOrthonormal(pairs.Vectors!);
    }

    private static List<int> Groups(double[] descending, double tolerance)
    {
        List<int> counts = [1];
        for (int i = 1; i < descending.Length; i++)
        {
            if (descending[i - 1] - descending[i] > tolerance)
                counts.Add(0);
            counts[^1]++;
        }
        return counts;
    }

    private static double TrueResidual(LinearOperator a, EigenPairs pairs, int index)
    {
        double[] y = new double[a.Rows];
        ReadOnlySpan<double> v = pairs.Vectors!.Row(index);
        a.Apply(v, y);
        double scale = Math.Max(y.Max(Math.Abs), double.Epsilon);
        double sum = 0;
        for (int i = 0; i < y.Length; i++)
            sum += Math.Pow((y[i] - (pairs.Values[index] * v[i])) / scale, 2);
        return Math.Sqrt(sum) * scale;
    }

    private static void CheckOrthonormal(Tensor<double> vectors)
    {
        for (int i = 0; i < vectors.Rows; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double dot = 0;
                for (int k = 0; k < vectors.Columns; k++)
                    dot += vectors[i, k] * vectors[j, k];
                Assert.InRange(dot, (i == j ? 1 : 0) - OrthogonalityTolerance, (i == j ? 1 : 0) + OrthogonalityTolerance);
            }
        }
    }
}
