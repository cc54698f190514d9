using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Tests.Solvers;

public sealed class BasisRotationTests
{
    private const double Tolerance = 1000 * 2.220446049250313e-16;

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 2, 7)]
    [InlineData(9, 9, 513)]
    [InlineData(40, 13, 2_500)]
    [InlineData(5, 0, 20)]
    public void The_first_rows_become_the_combinations_and_the_others_stay(int rows, int kept, int columns)
    {
        Tensor<double> weights = new(kept, rows), basis = new(rows, columns);
        RandomStream random = new(1);
        random.FillNormal(weights.Span, 1.0 / Math.Sqrt(rows));
        random.FillNormal(basis.Span, 1.0);
        Tensor<double> expected = new(rows, columns);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                expected[i, j] = i < kept ? 0.0 : basis[i, j];
                for (int k = 0; i < kept && k < rows; k++)
                    expected[i, j] += weights[i, k] * basis[k, j];
            }
        }
        new BasisRotation(TestCompute.Auto).Run(weights.AsMatrix(), basis.AsMatrix());
        for (int i = 0; i < expected.Span.Length; i++)
            Assert.InRange(basis.Span[i], expected.Span[i] - Tolerance, expected.Span[i] + Tolerance);
    }
}
