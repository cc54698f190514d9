using Eigenscope.Analysis.Features;
using Eigenscope.Learning.Data;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Tests.Features;

/// <summary>Circulant deviation, the block it is measured on, and AGOP alignment, by closed forms.</summary>
public sealed class ModularFeatureTests
{
    private const double Rounding = 1e-14;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void A_matrix_constant_along_its_wrapped_diagonals_has_deviation_zero(int size)
    {
        double[] values = new double[size];
        new RandomStream(1).FillNormal(values);
        Tensor<double> circulant = new(size, size), hankel = new(size, size);
        for (int i = 0; i < size; i++)
        {
            for (int k = 0; k < size; k++)
            {
                circulant[i, (i + k) % size] = values[k];
                hankel[i, (k - i + size) % size] = values[k];
            }
        }
        Assert.Equal(new CirculantDeviation(0.0, Number.Of(0.0)), CirculantDeviation.Measure(circulant.AsMatrix(), WrappedDiagonals.Difference));
        Assert.Equal(new CirculantDeviation(0.0, Number.Of(0.0)), CirculantDeviation.Measure(hankel.AsMatrix(), WrappedDiagonals.Sum));
    }

    /// <summary>
    /// Rows (0 2 3), (4 5 6), (7 8 10). Along j − i: {0, 5, 10}, {2, 6, 7}, {3, 4, 8}, variances 50/3, 14/3, 14/3. Along i + j: {0, 6, 8}, {2, 4, 10}, {3, 5, 7}, variances 104/9, 104/9, 24/9. Sum of squares 303.
    /// </summary>
    [Fact]
    public void Three_by_three_by_hand()
    {
        Tensor<double> matrix = new([0, 2, 3, 4, 5, 6, 7, 8, 10], 3, 3);
        CirculantDeviation difference = CirculantDeviation.Measure(matrix.AsMatrix(), WrappedDiagonals.Difference);
        Assert.Equal(26.0 / 3, difference.MeanVariance, Rounding * 10);
        Assert.Equal(78.0 / 303, difference.Relative.Value!.Value, Rounding);
        CirculantDeviation sum = CirculantDeviation.Measure(matrix.AsMatrix(), WrappedDiagonals.Sum);
        Assert.Equal(232.0 / 27, sum.MeanVariance, Rounding * 10);
        Assert.Equal(232.0 / 3 / 303, sum.Relative.Value!.Value, Rounding);
    }

    [Fact]
    public void A_single_entry_off_a_circulant_matrix_by_hand()
    {
        // One 1 in zeros: its diagonal has variance (1/q)(1 − 1/q), the others 0, and the mean square is 1/q².
        Tensor<double> matrix = new(5, 5);
        matrix[3, 1] = 1.0;
        CirculantDeviation deviation = CirculantDeviation.Measure(matrix.AsMatrix(), WrappedDiagonals.Sum);
        Assert.Equal(0.2 * 0.8 / 5, deviation.MeanVariance, Rounding);
        Assert.Equal(0.8, deviation.Relative.Value!.Value, Rounding);
    }

    [Fact]
    public void The_deviation_of_zero_is_undefined_relative_to_its_size()
    {
        CirculantDeviation deviation = CirculantDeviation.Measure(new Tensor<double>(3, 3).AsMatrix(), WrappedDiagonals.Difference);
        Assert.Equal(0.0, deviation.MeanVariance);
        Assert.False(deviation.Relative.IsDefined);
    }

    /// <summary>A block whose entry at row b and column a depends on the residue a/b alone is constant along differences of logarithms; on ab alone, along their sums.</summary>
    [Theory]
    [InlineData(ModularOperation.Add, 8)]
    [InlineData(ModularOperation.Subtract, 8)]
    [InlineData(ModularOperation.Multiply, 11)]
    [InlineData(ModularOperation.Divide, 11)]
    public void The_block_of_an_invariant_metric_is_constant_along_its_lines(ModularOperation operation, int p)
    {
        double[] values = new double[p];
        new RandomStream(2).FillNormal(values);
        Tensor<double> metric = new(2 * p, 2 * p);
        new RandomStream(3).FillNormal(metric.Span);
        for (int a = 0; a < p; a++)
        {
            for (int b = operation is ModularOperation.Multiply ? 1 : 0; b < p; b++)
                metric[p + b, a] = values[Invariant(operation, a, b, p)];
        }
        Tensor<double> block = ModularBlock.Of(metric.AsMatrix(), operation);
        Assert.Equal(operation is ModularOperation.Add or ModularOperation.Subtract ? p : p - 1, block.Rows);
        Assert.Equal(0.0, CirculantDeviation.Measure(block.AsMatrix(), ModularBlock.Diagonals(operation)).Relative.Value!.Value, Rounding);
        WrappedDiagonals other = ModularBlock.Diagonals(operation) == WrappedDiagonals.Sum ? WrappedDiagonals.Difference : WrappedDiagonals.Sum;
        Assert.True(CirculantDeviation.Measure(block.AsMatrix(), other).Relative.Value!.Value > 0.5);
    }

    [Fact]
    public void Alignment_is_the_cosine_of_all_entries()
    {
        Tensor<double> a = new([1, 2, 2, 0], 2, 2), b = new([0, 0, 0, 3], 2, 2), c = new([2e200, 0, 0, 0], 2, 2);
        Assert.Equal(0.0, AgopAlignment.Measure(a.AsMatrix(), b.AsMatrix()).Value);
        Assert.Equal(1.0 / 3, AgopAlignment.Measure(a.AsMatrix(), c.AsMatrix()).Value!.Value, Rounding);
        Assert.Equal(1.0, AgopAlignment.Measure(a.AsMatrix(), a.AsMatrix()).Value!.Value, Rounding);
        Assert.False(AgopAlignment.Measure(a.AsMatrix(), new Tensor<double>(2, 2).AsMatrix()).IsDefined);
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        Tensor<double> rectangle = new(2, 3), square = new(4, 4), odd = new(5, 5), infinite = new([double.NaN], 1, 1), composite = new(18, 18);
        Assert.Throws<ArgumentException>(() => CirculantDeviation.Measure(rectangle.AsMatrix(), WrappedDiagonals.Sum));
        Assert.Throws<ArgumentException>(() => CirculantDeviation.Measure(infinite.AsMatrix(), WrappedDiagonals.Sum));
        Assert.Throws<ArgumentException>(() => ModularBlock.Of(odd.AsMatrix(), ModularOperation.Add));
        Assert.Throws<ArgumentOutOfRangeException>(() => ModularBlock.Of(composite.AsMatrix(), ModularOperation.Multiply));
        Assert.Throws<ArgumentException>(() => AgopAlignment.Measure(square.AsMatrix(), odd.AsMatrix()));
        Assert.Throws<ArgumentException>(() => AgopAlignment.Measure(infinite.AsMatrix(), infinite.AsMatrix()));
    }

    private static int Invariant(ModularOperation operation, int a, int b, int p) => operation switch
    {
        ModularOperation.Add => (a - b + p) % p,
        ModularOperation.Subtract => (a + b) % p,
        ModularOperation.Multiply => a * ModularGroup.Inverse(b, p) % p,
        _ => a * b % p,
    };
}
