using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Snippets;

namespace Eigenscope.House.Tests;

/// <summary>The documents' code runs and does what the text beside it says.</summary>
public sealed class SnippetTests
{
    [Fact]
    public void The_hessian_example_prints_ten_converged_eigenvalues()
    {
        using StringWriter output = new();

        EigenPairs pairs = HessianOfANetwork.Run(output);

        Assert.True(pairs.Convergence.IsConverged, pairs.Convergence.Message);
        Assert.Equal(11, output.ToString().Trim().Split('\n').Length);
    }

    [Fact]
    public void The_operator_example_has_the_eigenvalues_its_comment_gives()
    {
        const int Size = 24;
        Compute compute = new(BlasBackends.Load(BlasChoice.Auto).Backend, 1);

        EigenPairs pairs = SymmetricEigensolver.Solve(new RingLaplacian(Size), new EigenOptions { Top = Size }, compute, new RandomStream(0));

        double[] exact = [.. Enumerable.Range(0, Size).Select(k => 2 - (2 * Math.Cos(2 * Math.PI * k / Size))).OrderDescending()];
        const double UnitRoundoff = 1.1102230246251565e-16;
        const double Norm = 4.0;
        const double Tolerance = 10 * Size * UnitRoundoff * Norm;
        Assert.All(exact.Zip(pairs.Values), pair => Assert.InRange(pair.Second, pair.First - Tolerance, pair.First + Tolerance));
    }

    [Fact]
    public void The_example_of_a_source_passes_the_probe() => Assert.True(double.IsFinite(OwnSamples.Run()));
}
