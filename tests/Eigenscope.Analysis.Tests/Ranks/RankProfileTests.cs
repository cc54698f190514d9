using Eigenscope.Analysis.Ranks;
using Eigenscope.Analysis.Tests.Support;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Tests.Ranks;

public sealed class RankProfileTests
{
    [Fact]
    public void A_diagonal_matrix_worked_by_hand()
    {
        Tensor<double> matrix = new([0, 3, 0, -4, 0, 0, 0, 0, 0], 3, 3);
        RankProfile profile = RankProfile.Measure(matrix.AsMatrix(), new RankOptions { TargetRank = 1 }, TestCompute.Instance);
        Near.Equal(4.0, profile.SingularValues[0], 8);
        Near.Equal(3.0, profile.SingularValues[1], 8);
        Near.Equal(0.0, profile.SingularValues[2], 8, 4.0);
        Near.Equal(25.0 / 16.0, profile.StableRank, 16);
        Assert.Equal(2.0, profile.NumericalRank.Value);
        Near.Equal(Math.Exp(-((4.0 / 7.0 * Math.Log(4.0 / 7.0)) + (3.0 / 7.0 * Math.Log(3.0 / 7.0)))), profile.EffectiveRank, 64);
        Near.Equal(3.0, profile.RankKDistance, 16);
        Near.Equal(0.6, profile.RelativeRankKDistance, 16);
    }

    [Theory]
    [InlineData(9, 5)]
    [InlineData(5, 9)]
    [InlineData(5, 5)]
    public void Prescribed_singular_values_are_found(int rows, int columns)
    {
        double[] sigma = [3.0, 1.0, 1.0, 1e-2, 1e-9];
        double[][] left = Samples.Rotation(71, rows), right = Samples.Rotation(72, columns);
        double[][] scaled = Textbook.Zeros(rows, columns);
        for (int i = 0; i < 5; i++)
            for (int r = 0; r < rows; r++)
                for (int c = 0; c < columns; c++)
                    scaled[r][c] += left[r][i] * sigma[i] * right[i][c];
        RankProfile profile = RankProfile.Measure(Textbook.ToTensor(scaled).AsMatrix(), new RankOptions { TargetRank = 3 }, TestCompute.Instance);
        for (int i = 0; i < 5; i++)
            Near.Equal(sigma[i], profile.SingularValues[i], 64, 3.0);
        Assert.Equal(4.0, profile.NumericalRank.Value);
        Near.Equal(1e-2, profile.RankKDistance, 64, 3.0);
    }

    [Theory]
    [InlineData(1e200)]
    [InlineData(1e-200)]
    public void Ranks_do_not_depend_on_scale(double scale)
    {
        RankProfile profile = RankProfile.FromSingularValues([4 * scale, 3 * scale, 0], new RankOptions { TargetRank = 1 });
        Near.Equal(25.0 / 16.0, profile.StableRank, 16);
        Near.Equal(0.6, profile.RelativeRankKDistance, 16);
        Near.Equal(3 * scale, profile.RankKDistance, 16);
        Assert.Equal(2.0, profile.NumericalRank.Value);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(17)]
    public void Equal_singular_values_count_fully(int n)
    {
        RankProfile profile = RankProfile.FromSingularValues(Enumerable.Repeat(0.7, n).ToArray(), new RankOptions { TargetRank = n });
        Near.Equal(n, profile.StableRank, 16);
        Near.Equal(n, profile.EffectiveRank, 64);
        Assert.Equal(n, profile.NumericalRank.Value);
        Assert.Equal(0.0, profile.RankKDistance);
    }

    [Fact]
    public void The_numerical_rank_counts_above_its_threshold()
    {
        double[] sigma = [1.0, 0.5, 2e-3, 1e-3, 1e-4];
        Assert.Equal(3.0, RankProfile.FromSingularValues(sigma, new RankOptions { TargetRank = 1 }).NumericalRank.Value);
        Assert.Equal(2.0, RankProfile.FromSingularValues(sigma, new RankOptions { TargetRank = 1, NumericalRankThreshold = 0.1 }).NumericalRank.Value);
        Assert.Equal(5.0, RankProfile.FromSingularValues(sigma, new RankOptions { TargetRank = 1, NumericalRankThreshold = 0.0 }).NumericalRank.Value);
    }

    [Fact]
    public void Each_rank_lies_between_one_and_the_number_of_nonzero_singular_values() => Laws.Hold(seed =>
    {
        Samples samples = Samples.Gaussian(seed, 2, 6, 3);
        RankProfile profile = RankProfile.Measure(samples.Features.AsMatrix(), new RankOptions { TargetRank = 2 }, TestCompute.Instance);
        Assert.InRange(profile.StableRank.Value!.Value, 1.0, 6.0);
        Assert.InRange(profile.EffectiveRank.Value!.Value, profile.StableRank.Value.Value * (1 - 1e-12), 6.0);
        Assert.InRange(profile.RelativeRankKDistance.Value!.Value, 0.0, 1.0);
    });

    [Fact]
    public void The_zero_matrix_has_no_rank_to_speak_of()
    {
        RankProfile profile = RankProfile.Measure(new Tensor<double>(3, 4).AsMatrix(), new RankOptions { TargetRank = 2 }, TestCompute.Instance);
        foreach (Number number in new[] { profile.StableRank, profile.NumericalRank, profile.EffectiveRank, profile.RelativeRankKDistance })
            Near.Undefined("the matrix is zero", number);
        Assert.Equal(0.0, profile.RankKDistance);
        Assert.Equal([0.0, 0.0, 0.0], profile.SingularValues);
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        RankOptions options = new() { TargetRank = 1 };
        Assert.Throws<ArgumentException>(() => RankProfile.Measure(default, options, TestCompute.Instance));
        Assert.Throws<ArgumentException>(() => RankProfile.Measure(new Tensor<double>([double.NaN], 1, 1).AsMatrix(), options, TestCompute.Instance));
        Assert.Throws<ArgumentException>(() => RankProfile.FromSingularValues([], options));
        Assert.Throws<ArgumentException>(() => RankProfile.FromSingularValues([1, 2], options));
        Assert.Throws<ArgumentException>(() => RankProfile.FromSingularValues([1, -1e-20], options));
        Assert.Throws<ArgumentOutOfRangeException>(() => RankProfile.FromSingularValues([1], options with { TargetRank = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => RankProfile.FromSingularValues([1], options with { NumericalRankThreshold = 1.0 }));
    }

    [Fact]
    public void The_matrix_measured_is_left_as_it_was()
    {
        Tensor<double> matrix = new([1, 2, 3, 4, 5, 6], 2, 3);
        _ = SingularValues.Of(matrix.AsMatrix(), TestCompute.Instance);
        Assert.Equal([1, 2, 3, 4, 5, 6], matrix.Span.ToArray());
    }
}
