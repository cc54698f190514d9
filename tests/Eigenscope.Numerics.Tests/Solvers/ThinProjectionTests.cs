using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Tests.Solvers;

public sealed class ThinProjectionTests
{
    // Rounding errors of sums of unit size.
    private const double Tolerance = 1000 * 2.220446049250313e-16;

    // Groups, pairs, panels, vectors and their remainders; from 65,536 numbers on in two parts.
    public static TheoryData<int, int, int> Shapes
    {
        get
        {
            TheoryData<int, int, int> data = [];
            foreach (int basisRows in new[] { 1, 2, 3, 4, 5, 8, 13 })
            {
                foreach (int blockRows in new[] { 1, 2, 3, 8 })
                {
                    foreach (int columns in new[] { 1, 3, 4, 7, 8, 1023, 1024, 1031, 20_011 })
                        data.Add(basisRows, blockRows, columns);
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Coefficients_and_remainder_are_those_of_plain_loops(int basisRows, int blockRows, int columns)
    {
        Tensor<double> basis = Unit(basisRows, columns, "basis"), block = Unit(blockRows, columns, "block"), coefficients = new(blockRows, basisRows);
        Tensor<double> expected = new(blockRows, basisRows);
        for (int i = 0; i < blockRows; i++)
        {
            for (int k = 0; k < basisRows; k++)
            {
                for (int j = 0; j < columns; j++)
                    expected[i, k] += block[i, j] * basis[k, j];
            }
        }
        Tensor<double> remainder = Remainder(basis, block, expected);
        new ThinProjection(TestCompute.Auto).Run(basis.AsMatrix(), block.AsMatrix(), coefficients.AsMatrix());
        CheckEqual(expected, coefficients);
        CheckEqual(remainder, block);
    }

    [Theory]
    [InlineData(1, 20_011)]
    [InlineData(2, 1031)]
    [InlineData(5, 9)]
    public void Given_coefficients_are_subtracted_where_they_exceed_the_threshold(int blockRows, int columns)
    {
        const double Threshold = 1e-3;
        for (int basisRows = 1; basisRows <= 9; basisRows++)
        {
            Tensor<double> basis = Unit(basisRows, columns, "basis"), block = Unit(blockRows, columns, "block"), coefficients = new(blockRows, basisRows), expected = new(blockRows, basisRows);
            for (int i = 0; i < blockRows; i++)
            {
                // Every third column lies below the threshold in all rows, and one of the others in all but the last.
                for (int k = 0; k < basisRows; k++)
                {
                    bool negligible = k % 3 == 1;
                    coefficients[i, k] = negligible || (k % 3 == 2 && i < blockRows - 1) ? -1e-4 : 0.5 + i - k;
                    expected[i, k] = negligible ? 0.0 : coefficients[i, k];
                }
            }
            Tensor<double> remainder = Remainder(basis, block, expected);
            new ThinProjection(TestCompute.Auto).Subtract(basis.AsMatrix(), block.AsMatrix(), coefficients.AsMatrix(), Threshold);
            CheckEqual(expected, coefficients);
            CheckEqual(remainder, block);
        }
    }

    [Fact]
    public void The_same_thread_count_gives_the_same_bits()
    {
        Tensor<double> basis = Unit(13, 20_011, "basis");
        Tensor<double> first = Unit(2, 20_011, "block"), second = Unit(2, 20_011, "block"), coefficients = new(2, 13);
        ThinProjection projection = new(new Compute(TestCompute.Managed.Blas, 3));
        projection.Run(basis.AsMatrix(), first.AsMatrix(), coefficients.AsMatrix());
        projection.Run(basis.AsMatrix(), second.AsMatrix(), coefficients.AsMatrix());
        Assert.True(first.Span.SequenceEqual(second.Span));
    }

    private static Tensor<double> Remainder(Tensor<double> basis, Tensor<double> block, Tensor<double> coefficients)
    {
        Tensor<double> remainder = new(block.Rows, block.Columns);
        for (int i = 0; i < block.Rows; i++)
        {
            for (int j = 0; j < block.Columns; j++)
            {
                remainder[i, j] = block[i, j];
                for (int k = 0; k < basis.Rows; k++)
                    remainder[i, j] -= coefficients[i, k] * basis[k, j];
            }
        }
        return remainder;
    }

    private static Tensor<double> Unit(int rows, int columns, string name)
    {
        Tensor<double> tensor = new(rows, columns);
        new RandomStream(1).Split(name).FillNormal(tensor.Span, 1.0 / Math.Sqrt(columns));
        return tensor;
    }

    private static void CheckEqual(Tensor<double> expected, Tensor<double> actual)
    {
        for (int i = 0; i < expected.Span.Length; i++)
            Assert.InRange(actual.Span[i], expected.Span[i] - Tolerance, expected.Span[i] + Tolerance);
    }
}
