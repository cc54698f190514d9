using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;
using Eigenscope.Testing.Spectra;

namespace Eigenscope.Numerics.Tests.Solvers;

/// <summary>The whole basis stays orthonormal to working precision through steps, restarts, injections and refreshed vectors, whatever the operator's spectrum and rounding.</summary>
public sealed class BasisOrthogonalityTests
{
    private const int Dimension = 400;
    private const int Capacity = 140;
    private const int Kept = 25;
    private const double Tolerance = 1000 * 2.220446049250313e-16;

    private static readonly HardSpectrum[] Spectra = [.. HardSpectra.All(Dimension).Where(spectrum => spectrum.Dimension == Dimension)];

    public static TheoryData<string, int> Cases
    {
        get
        {
            TheoryData<string, int> data = [];
            foreach (HardSpectrum spectrum in Spectra)
            {
                foreach (int block in new[] { 1, 2, 8, 16 })
                    data.Add(spectrum.Name, block);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Steps_restarts_and_injections_keep_the_basis_orthonormal(string name, int block) =>
        Exercise(Spectra.Single(spectrum => spectrum.Name == name).Operator(), block);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void An_operator_that_rounds_to_single_precision_keeps_it_too(int block)
    {
        PrescribedSpectrumOperator exact = HardSpectra.PowerLaw(Dimension, 2.0).Operator();
        FunctionOperator rounded = new(Dimension, (x, y) =>
        {
            exact.Apply(Array.ConvertAll(x, value => (double)(float)value), y);
            for (int i = 0; i < y.Length; i++)
                y[i] = (float)y[i];
        });
        Exercise(rounded, block);
    }

    private static void Exercise(LinearOperator a, int block)
    {
        BlockLanczosFactorization f = new(a, Capacity, 16, TestCompute.Auto, new RandomStream(5));
        f.Inject(block);
        for (int round = 0; round < 3; round++)
        {
            Grow(f, block);
            CheckOrthonormal(f);
            Restart(f);
            CheckOrthonormal(f);
            f.Refresh(0);
            f.Inject(block);
            CheckOrthonormal(f);
        }
    }

    private static void Grow(BlockLanczosFactorization f, int block)
    {
        while (f.Pending > 0 && f.Count + block <= Capacity - 40)
            Assert.True(f.Expand(Math.Min(block, f.Pending)));
    }

    private static void Restart(BlockLanczosFactorization f)
    {
        int m = f.Expanded, kept = Math.Min(Kept, m);
        Tensor<double> ritz = new(m, m);
        f.Projected.RowRange(0, m).CopyTo(ritz.AsMatrix());
        double[] values = new double[m];
        TestCompute.Auto.Blas.SymmetricEigen(ritz.AsMatrix(), values);
        f.Restart(ritz.AsMatrix().RowRange(m - kept, kept), values.AsSpan(m - kept));
    }

    private static void CheckOrthonormal(BlockLanczosFactorization f)
    {
        for (int i = 0; i < f.Count; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double dot = 0;
                for (int k = 0; k < Dimension; k++)
                    dot += f.Basis[i, k] * f.Basis[j, k];
                Assert.InRange(dot - (i == j ? 1 : 0), -Tolerance, Tolerance);
            }
        }
    }
}
