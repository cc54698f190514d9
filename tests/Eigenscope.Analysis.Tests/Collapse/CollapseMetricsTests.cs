using Eigenscope.Analysis.Collapse;
using Eigenscope.Analysis.Tests.Support;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Tests.Collapse;

public sealed class CollapseMetricsTests
{
    // Sums of a few hundred rounded terms, on matrices with condition numbers of a few hundred.
    private const double ReferenceUnits = 2e4;

    [Fact]
    public void Two_unequal_classes_worked_by_hand()
    {
        Tensor<double> features = new([0, 0, 0, 4, 2, 0, 0, 6, 0, 8], 5, 2);
        CollapseMetrics metrics = CollapseMetrics.Measure(features.AsMatrix(), [0, 1, 0, 1, 1], 2, TestCompute.Instance);
        Near.Equal(2.0 / 9.25, metrics.Nc1TraceRatio, 4);
        Near.Equal(1.0 / 9.25, metrics.Nc1PublishedTraceRatio, 4);
        // Σ_W = diag(0.4, 1.6), Σ_B = m mᵀ with m = (0.5, −3): tr(Σ_W Σ_B⁺) = mᵀ Σ_W m / ‖m‖⁴.
        Near.Equal(((0.4 * 0.25) + (1.6 * 9.0)) / (9.25 * 9.25) / 2.0, metrics.Nc1PseudoInverse.Value, 16);
        Assert.Equal(1, metrics.Nc1PseudoInverse.Rank);
        Near.Equal((1.0 + (8.0 / 3.0)) / (2.0 * 37.0), metrics.Nc1Cdnv, 4);
        Assert.Equal(2.0, metrics.Tcv);
        Assert.Equal([1.0, 6.0], metrics.ClassMeanNorms);
    }

    [Theory]
    [InlineData(3, 7, 11)]
    [InlineData(4, 3, 9)]
    [InlineData(6, 2, 8)]
    [InlineData(3, 40, 3)]
    [InlineData(10, 12, 150)]
    public void Every_number_agrees_with_the_definition_written_out(int classes, int dimension, int perClass)
    {
        Samples samples = Samples.Gaussian((ulong)(classes + dimension), classes, dimension, perClass);
        CollapseMetrics metrics = CollapseMetrics.Measure(samples.Features.AsMatrix(), samples.Labels, classes, TestCompute.Instance);
        double[][] rows = Textbook.Rows(samples.Features);
        double[][] means = Textbook.ClassMeans(rows, samples.Labels, classes);
        Near.Equal(Textbook.TraceRatio(rows, samples.Labels, classes), metrics.Nc1TraceRatio, ReferenceUnits);
        Near.Equal(Textbook.PseudoInverseNc1(rows, samples.Labels, classes), metrics.Nc1PseudoInverse.Value, ReferenceUnits * 100);
        Near.Equal(Textbook.Cdnv(rows, samples.Labels, classes), metrics.Nc1Cdnv, ReferenceUnits);
        Near.Equal(Textbook.Trace(Textbook.SigmaW(rows, samples.Labels, classes)), metrics.Tcv, ReferenceUnits);
        Near.Equal(Textbook.Equinorm(means), metrics.Nc2Equinorm, ReferenceUnits);
        Near.Equal(Textbook.Equiangle(means), metrics.Nc2Equiangle, ReferenceUnits);
        Near.Equal(Textbook.GramDistance(Textbook.Centred(means), -1.0 / (classes - 1)), metrics.Nc2SimplexDistance, ReferenceUnits);
        Near.Equal(Textbook.GramDistance(means, 0.0), metrics.Nc2FrameDistance, ReferenceUnits);
        Assert.Equal(Math.Min(classes - 1, dimension), metrics.Nc1PseudoInverse.Rank);
        for (int c = 0; c < classes; c++)
            Near.Equal(Textbook.Norm(means[c]), metrics.ClassMeanNorms[c], ReferenceUnits);
    }

    [Fact]
    public void Samples_beyond_one_block_are_all_counted()
    {
        Samples samples = Samples.Gaussian(7, 3, 4, 800);
        CollapseMetrics metrics = CollapseMetrics.Measure(samples.Features.AsMatrix(), samples.Labels, 3, TestCompute.Instance);
        double expected = Textbook.PseudoInverseNc1(Textbook.Rows(samples.Features), samples.Labels, 3);
        Near.Equal(expected, metrics.Nc1PseudoInverse.Value, ReferenceUnits);
    }

    [Fact]
    public void Nc1_of_a_simplex_with_known_noise_has_its_closed_form()
    {
        const int k = 5;
        const double size = 3.0, noise = 0.2;
        double[][] means = Simplex(k, k + 2, size);
        double[] inside = means[0].Select(v => noise * v / Textbook.Norm(means[0])).ToArray();
        double[] outside = new double[k + 2];
        outside[^1] = noise;
        // Σ_B = (size²/K) P, P of rank K − 1 and trace K − 1; ‖μ_c − μ_c′‖² = 2 size².
        double between = size * size / k;
        CollapseMetrics within = Measure(Samples.Around(means, inside));
        Near.Equal(noise * noise / (between * (k - 1)), within.Nc1TraceRatio, 64);
        Near.Equal(noise * noise / between / k, within.Nc1PseudoInverse.Value, 64);
        Near.Equal(noise * noise / (2 * size * size), within.Nc1Cdnv, 64);
        CollapseMetrics orthogonal = Measure(Samples.Around(means, outside));
        Near.Equal(noise * noise / (between * (k - 1)), orthogonal.Nc1TraceRatio, 64);
        Near.Equal(0.0, orthogonal.Nc1PseudoInverse.Value, 64, Textbook.Epsilon);
    }

    [Fact]
    public void Nc1_pseudo_inverse_survives_class_means_whose_spreads_differ_by_a_million()
    {
        double[] sigma = [1e3, 1.0, 1e-3];
        double[][] combine = [[0.5, 0.5, -0.5, -0.5], [0.5, -0.5, 0.5, -0.5], [0.5, -0.5, -0.5, 0.5]];
        double[][] directions = Samples.Rotation(3, 6)[..3];
        double[][] means = Textbook.Zeros(4, 6);
        for (int c = 0; c < 4; c++)
            for (int j = 0; j < 6; j++)
                means[c][j] = Enumerable.Range(0, 3).Sum(i => combine[i][c] * sigma[i] * directions[i][j]);
        double[][] noise = sigma.Select((s, i) => directions[i].Select(v => 0.1 * s * v).ToArray()).ToArray();
        PseudoInverseNc1 nc1 = Measure(Samples.Around(means, noise)).Nc1PseudoInverse;
        // Along each of the three directions Σ_W is (0.1 σ_i)²/3: their sum over σ_i² is 0.01. Rounding of the data is eps·σ_1 beside σ_3.
        double conditionUnits = 64 * sigma[0] / sigma[2];
        Near.Equal(0.01, nc1.Value, conditionUnits);
        Assert.Equal(3, nc1.Rank);
        Assert.InRange(nc1.Cut, 0.9 * 6 * Textbook.Epsilon * sigma[0], 1.1 * 6 * Textbook.Epsilon * sigma[0]);
    }

    [Fact]
    public void Class_means_of_lower_rank_are_cut_there()
    {
        double[][] means = [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0]];
        PseudoInverseNc1 nc1 = Measure(Samples.Around(means, [0.5, 0, 0], [0, 0, 2])).Nc1PseudoInverse;
        Assert.Equal(2, nc1.Rank);
        // Σ_B = diag(½, ½, 0), Σ_W = diag(⅛, 0, 2).
        Near.Equal(0.25 / 4, nc1.Value, 64);
    }

    [Fact]
    public void A_large_offset_does_not_pass_for_a_further_dimension_of_the_means()
    {
        Samples samples = Samples.Gaussian(9, 4, 6, 8);
        double expected = Measure(samples).Nc1PseudoInverse.Value.Value!.Value;
        foreach (ref double value in samples.Features.Span)
            value += 1e6;
        PseudoInverseNc1 nc1 = Measure(samples).Nc1PseudoInverse;
        Assert.Equal(3, nc1.Rank);
        // The data are rounded at 1e6·eps, and the smallest singular value of the means is above 0.1.
        Near.Equal(expected, nc1.Value, 1e8);
    }

    [Fact]
    public void An_exact_simplex_is_at_distance_zero()
    {
        const int k = 6;
        double[][] means = Simplex(k, 8, 2.5);
        Samples samples = Samples.Around(means);
        Tensor<double> weight = Textbook.ToTensor(means.Select(r => r.Select(v => 0.3 * v).ToArray()).ToArray());
        CollapseMetrics metrics = CollapseMetrics.Measure(samples.Features.AsMatrix(), samples.Labels, k, TestCompute.Instance, new CollapseContext
        {
            Weight = weight,
            IsLastLayer = true,
            Predictions = samples.Labels,
            PreActivationMeans = ClassDuality.PreActivationMeans(Textbook.ToTensor(means), weight.AsMatrix(), [], TestCompute.Instance),
        });
        Assert.Equal(0.0, metrics.Nc1TraceRatio.Value);
        Assert.Equal(0.0, metrics.Nc1PseudoInverse.Value.Value);
        Assert.Equal(0.0, metrics.Nc1Cdnv.Value);
        Near.Equal(0.0, metrics.Nc2Equinorm, 16, 1.0);
        Near.Equal(0.0, metrics.Nc2Equiangle, 16, 1.0);
        Near.Equal(0.0, metrics.Nc2SimplexDistance, 256, Textbook.Epsilon);
        Near.Equal(0.0, metrics.Nc3SelfDuality, 32, 1.0);
        Near.Equal(0.0, metrics.Nc3Alignment, 32, 1.0);
        Assert.Equal(1.0, metrics.Nc4Agreement.Value);
        // Uncentred cosines are −1/(K−1) off the diagonal.
        Near.Equal(1.0 / (k * (k - 1.0)), metrics.Nc2FrameDistance, 64);
    }

    [Fact]
    public void An_orthogonal_frame_is_at_frame_distance_zero_and_its_centred_self_duality_has_its_limit()
    {
        const int k = 4;
        double[][] means = Samples.Rotation(5, 7)[..k].Select(r => r.Select(v => 1.7 * v).ToArray()).ToArray();
        Samples samples = Samples.Around(means);
        CollapseMetrics metrics = CollapseMetrics.Measure(samples.Features.AsMatrix(), samples.Labels, k, TestCompute.Instance, new CollapseContext
        {
            Weight = Textbook.ToTensor(means),
            IsLastLayer = true,
        });
        Near.Equal(0.0, metrics.Nc2FrameDistance, 256, Textbook.Epsilon);
        Near.Equal(0.0, metrics.Nc2SimplexDistance, 256, Textbook.Epsilon);
        Near.Equal(0.0, metrics.Nc3FrameDuality, 32, 1.0);
        Near.Equal(Math.Sqrt(2.0 - (2.0 * Math.Sqrt((k - 1.0) / k))), metrics.Nc3SelfDuality, 64);
    }

    [Fact]
    public void Every_nc2_number_is_vacuous_for_two_classes()
    {
        Samples samples = Samples.Gaussian(2, 2, 5, 10);
        CollapseMetrics metrics = Measure(samples);
        foreach (Number number in new[] { metrics.Nc2Equinorm, metrics.Nc2Equiangle, metrics.Nc2SimplexDistance, metrics.Nc2FrameDistance })
            Near.Undefined("vacuous for two classes", number);
        Assert.True(metrics.Nc1TraceRatio.IsDefined);
        Assert.Equal(1, metrics.Nc1PseudoInverse.Rank);
    }

    [Fact]
    public void Zero_features_leave_every_ratio_undefined()
    {
        CollapseMetrics metrics = CollapseMetrics.Measure(new Tensor<double>(6, 4).AsMatrix(), [0, 1, 2, 0, 1, 2], 3, TestCompute.Instance, new CollapseContext
        {
            Weight = new Tensor<double>([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 3, 4),
            PreActivationMeans = new Tensor<double>(3, 3),
            IsLastLayer = true,
        });
        Near.Undefined("the class means coincide", metrics.Nc1TraceRatio);
        Near.Undefined("the class means coincide", metrics.Nc1PublishedTraceRatio);
        Near.Undefined("the class means coincide", metrics.Nc1PseudoInverse.Value);
        Near.Undefined("the means of classes 0 and 1 coincide", metrics.Nc1Cdnv);
        Near.Undefined("the class means coincide", metrics.Nc2Equinorm);
        Near.Undefined("the class means coincide", metrics.Nc2SimplexDistance);
        Near.Undefined("the mean of class 0 is zero, so it has no direction", metrics.Nc2FrameDistance);
        Near.Undefined("the class means it is compared with are zero", metrics.Nc3SelfDuality);
        Near.Undefined("the class means it is compared with are zero", metrics.Nc3FrameDuality);
        Near.Undefined("the class means it is compared with are zero", metrics.Nc3Alignment);
        Assert.Equal(0.0, metrics.Tcv);
    }

    [Fact]
    public void Class_means_that_differ_by_rounding_alone_coincide()
    {
        // The same values in three orders: equal means in exact arithmetic, not in floating point.
        const int n = 200;
        double[] values = Enumerable.Range(1, n).Select(i => 1.0 / i).ToArray();
        double[] data = [.. values, .. values.Reverse(), .. values.OrderBy(v => Math.Sin(v * 100))];
        int[] labels = Enumerable.Range(0, 3 * n).Select(i => i / n).ToArray();
        CollapseMetrics metrics = CollapseMetrics.Measure(new Tensor<double>(data, 3 * n, 1).AsMatrix(), labels, 3, TestCompute.Instance);
        Assert.True(metrics.Statistics.BetweenTrace > 0.0, "the sums happen to round alike: nothing is tested");
        Near.Undefined("the class means coincide", metrics.Nc1TraceRatio);
        Near.Undefined("the class means coincide", metrics.Nc1PseudoInverse.Value);
    }

    [Fact]
    public void One_class_at_the_global_mean_has_no_angle()
    {
        CollapseMetrics metrics = Measure(Samples.Around([[-1.0, 0], [1, 0], [0, 0]], [0.0, 0.5]));
        Near.Undefined("the mean of class 2 equals the global mean, so it has no direction", metrics.Nc2Equiangle);
        Near.Undefined("the mean of class 2 equals the global mean, so it has no direction", metrics.Nc2SimplexDistance);
        // Norms 1, 1, 0: mean ⅔, population deviation √2/3.
        Near.Equal(Math.Sqrt(2.0) / 2.0, metrics.Nc2Equinorm, 16);
    }

    [Fact]
    public void What_is_not_given_is_undefined_with_its_reason()
    {
        CollapseMetrics metrics = Measure(Samples.Gaussian(4, 3, 5, 6));
        Near.Undefined("no dense weight acts on these features", metrics.Nc3SelfDuality);
        Near.Undefined("no dense weight acts on these features", metrics.Nc3Alignment);
        Near.Undefined("no predictions given", metrics.Nc4Agreement);
    }

    [Fact]
    public void Nc1_and_centred_nc2_do_not_change_under_rotation_scaling_and_translation() => Laws.Hold(seed =>
    {
        RandomStream random = new(seed);
        Samples samples = Samples.Gaussian(seed, 4, 6, 8);
        double scale = Math.Pow(10.0, (6 * random.NextDouble()) - 3), shift = 10 * scale * random.NextNormal();
        CollapseMetrics before = Measure(samples);
        CollapseMetrics after = Measure(samples.Moved(Samples.Rotation(seed + 1, 6), scale, shift));
        const double units = 1e6;
        Near.Equal(before.Nc1TraceRatio.Value!.Value, after.Nc1TraceRatio, units);
        Near.Equal(before.Nc1PseudoInverse.Value.Value!.Value, after.Nc1PseudoInverse.Value, 100 * units);
        Near.Equal(before.Nc1Cdnv.Value!.Value, after.Nc1Cdnv, units);
        Near.Equal(before.Nc2Equinorm.Value!.Value, after.Nc2Equinorm, units, 1.0);
        Near.Equal(before.Nc2Equiangle.Value!.Value, after.Nc2Equiangle, units, 1.0);
        Near.Equal(before.Nc2SimplexDistance.Value!.Value, after.Nc2SimplexDistance, units, 1.0);
        Near.Equal(scale * scale * before.Tcv, after.Tcv, units);
    });

    [Fact]
    public void Frame_distance_does_not_change_under_rotation_and_scaling() => Laws.Hold(seed =>
    {
        Samples samples = Samples.Gaussian(seed, 5, 6, 4);
        double before = Measure(samples).Nc2FrameDistance.Value!.Value;
        Near.Equal(before, Measure(samples.Moved(Samples.Rotation(seed + 1, 6), 1e-20, 0.0)).Nc2FrameDistance, 1e5, 1.0);
    });

    [Theory]
    [InlineData(1e20)]
    [InlineData(1e-20)]
    public void Scale_does_not_matter(double scale)
    {
        Samples samples = Samples.Gaussian(8, 4, 6, 8);
        CollapseMetrics before = Measure(samples);
        foreach (ref double value in samples.Features.Span)
            value *= scale;
        CollapseMetrics after = Measure(samples);
        Near.Equal(before.Nc1TraceRatio.Value!.Value, after.Nc1TraceRatio, 256);
        Near.Equal(before.Nc1PseudoInverse.Value.Value!.Value, after.Nc1PseudoInverse.Value, 4096);
        Near.Equal(before.Nc2SimplexDistance.Value!.Value, after.Nc2SimplexDistance, 256);
    }

    private static CollapseMetrics Measure(Samples samples) =>
        CollapseMetrics.Measure(samples.Features.AsMatrix(), samples.Labels, samples.Classes, TestCompute.Instance);

    /// <summary>K rows size·(e_c − 1/K), rotated within <paramref name="dimension"/> − 1 axes so that the last stays orthogonal.</summary>
    private static double[][] Simplex(int k, int dimension, double size)
    {
        double[][] rotation = Samples.Rotation(11, dimension - 1);
        double[][] rows = Textbook.Zeros(k, dimension);
        for (int c = 0; c < k; c++)
            for (int j = 0; j < dimension - 1; j++)
                rows[c][j] = size * Enumerable.Range(0, k).Sum(i => ((i == c ? 1.0 : 0.0) - (1.0 / k)) * rotation[i][j]);
        return rows;
    }
}
