using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Testing.Spectra;
using Xunit.Abstractions;

namespace Eigenscope.Numerics.Tests.Solvers;

/// <summary>Warm starts on an operator Gᵀ A G, G a product of small plane rotations: its eigenvalues and multiplicities are A's, its eigenvectors have moved.</summary>
public sealed class WarmStartTests(ITestOutputHelper output)
{
    private const int Dimension = 2000;
    private static readonly int[] Strides = [1, 7, 49, 343];

    public static TheoryData<string, double, double> Cases() => new()
    {
        { "power law 1", 1e-3, 0.97 },
        { "power law 1", 1e-5, 0.95 },
        { "3² equal outliers over a bulk", 1e-3, 0.5 },
        { "6² equal outliers over a bulk", 1e-3, 0.97 },
        { "indefinite", 1e-3, 0.85 },
        { "± symmetric", 1e-3, 0.9 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_nearby_start_takes_fewer_products_to_the_same_pairs(string name, double angle, double share)
    {
        HardSpectrum spectrum = HardSpectra.All(Dimension).Single(candidate => candidate.Name == name);
        EigenOptions options = new() { Top = spectrum.Top, DenseLimit = 0 };
        EigenPairs before = Solve(spectrum.Operator(), options);
        EigenPairs cold = Solve(Moved(spectrum, angle), options);
        EigenPairs warm = Solve(Moved(spectrum, angle), options with { Start = before });
        output.WriteLine($"{name}, {angle}: cold {cold.Convergence.OperatorApplications}, warm {warm.Convergence.OperatorApplications} products");
        AssertRight(spectrum, warm);
        Assert.InRange(warm.Convergence.OperatorApplications, 1, share * cold.Convergence.OperatorApplications);
    }

    [Fact]
    public void A_start_that_knows_a_few_copies_only_finds_the_rest()
    {
        HardSpectrum spectrum = HardSpectra.OutliersOverBulk(Dimension, 4);
        EigenPairs before = Solve(spectrum.Operator(), new EigenOptions { Top = 3, DenseLimit = 0 });
        AssertRight(spectrum, Solve(Moved(spectrum, 1e-3), new EigenOptions { Top = 16, DenseLimit = 0, Start = before }));
    }

    [Theory]
    [InlineData("3² equal outliers over a bulk")]
    [InlineData("indefinite")]
    [InlineData("repeated pairs")]
    public void A_start_in_the_wrong_place_costs_products_and_nothing_else(string name)
    {
        HardSpectrum spectrum = HardSpectra.All(Dimension).Single(candidate => candidate.Name == name);
        EigenPairs bottom = Solve(spectrum.Operator(), new EigenOptions { Top = 0, Bottom = 6, DenseLimit = 0, Tolerance = 1e-4 });
        AssertRight(spectrum, Solve(spectrum.Operator(), new EigenOptions { Top = spectrum.Top, DenseLimit = 0, Start = bottom }));
    }

    [Fact]
    public void Exact_eigenvectors_are_confirmed_and_the_search_still_runs()
    {
        HardSpectrum spectrum = HardSpectra.RankThree(Dimension);
        EigenPairs before = Solve(spectrum.Operator(), new EigenOptions { Top = 2, DenseLimit = 0 });
        EigenPairs warm = Solve(spectrum.Operator(), new EigenOptions { Top = 3, DenseLimit = 0, Start = before });
        AssertRight(spectrum, warm);
    }

    [Fact]
    public void Wrong_starts_are_refused()
    {
        IdentityOperator a = new(4);
        EigenPairs other = Solve(new IdentityOperator(3), new EigenOptions { Top = 2 });
        EigenPairs bare = Solve(a, new EigenOptions { Top = 2, KeepVectors = false });
        Assert.Contains("dimension 4", Assert.Throws<ArgumentException>(() => Solve(a, new EigenOptions { Start = other })).Message, StringComparison.Ordinal);
        Assert.Contains("KeepVectors", Assert.Throws<ArgumentException>(() => Solve(a, new EigenOptions { Start = bare })).Message, StringComparison.Ordinal);
    }

    private static void AssertRight(HardSpectrum spectrum, EigenPairs pairs)
    {
        Assert.Equal(ConvergenceStatus.Converged, pairs.Convergence.Status);
        double scale = spectrum.Eigenvalues.Max(Math.Abs);
        for (int i = 0; i < pairs.Values.Count; i++)
            Assert.InRange(Math.Abs(pairs.Values[i] - spectrum.Eigenvalues[i]), 0, 1e-8 * scale);
    }

    private static EigenPairs Solve(LinearOperator a, EigenOptions options) =>
        SymmetricEigensolver.Solve(a, options, TestCompute.Auto, new RandomStream(9));

    private static FunctionOperator Moved(HardSpectrum spectrum, double angle)
    {
        PrescribedSpectrumOperator a = spectrum.Operator();
        double[] turned = new double[Dimension];
        return new FunctionOperator(Dimension, (x, y) =>
        {
            for (int i = 0; i < x.Length; i++)
                turned[i] = x[i];
            for (int s = 0; s < Strides.Length; s++)
                Rotate(turned, Strides[s], angle);
            a.Apply(turned, y);
            for (int s = Strides.Length - 1; s >= 0; s--)
                Rotate(y, Strides[s], -angle);
        });
    }

    private static void Rotate(Span<double> vector, int stride, double angle)
    {
        (double sine, double cosine) = Math.SinCos(angle);
        for (int i = 0; i + stride < vector.Length; i++)
        {
            if (i / stride % 2 == 1)
                continue;
            (vector[i], vector[i + stride]) = ((cosine * vector[i]) - (sine * vector[i + stride]), (sine * vector[i]) + (cosine * vector[i + stride]));
        }
    }
}
