using Eigenscope.Analysis.Features;
using Eigenscope.Analysis.Tests.Support;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Tests.Features;

public sealed class GramPictureTests
{
    // A cosine of d entries, a mean of n samples and a product of unit vectors: a few units of rounding each.
    private const double Units = 200;

    [Fact]
    public void Cosines_are_those_of_the_defining_loops()
    {
        Samples samples = Samples.Gaussian(seed: 3, classes: 4, dimension: 7, perClass: 5);

        GramPicture picture = GramPicture.Measure(samples.Features.AsMatrix(), samples.Labels, 4, TestCompute.Instance, maxSamples: 12);

        double[] mean = GlobalMean(samples);
        for (int i = 0; i < picture.Samples.Count; i++)
            for (int j = 0; j < picture.Samples.Count; j++)
                Near.Equal(Cosine(samples.Features, mean, picture.Samples[i], picture.Samples[j]), picture.Cosines[i, j], Units, scale: 1.0);
        Assert.Empty(picture.WithoutDirection);
    }

    [Fact]
    public void At_collapse_it_is_one_within_a_class_and_minus_one_over_k_minus_one_between()
    {
        double[][] frame = [[2, 1, 1], [1, 2, 1], [1, 1, 2]];
        Samples samples = Samples.Around(frame);

        GramPicture picture = GramPicture.Measure(samples.Features.AsMatrix(), samples.Labels, 3, TestCompute.Instance);

        for (int i = 0; i < 6; i++)
            for (int j = 0; j < 6; j++)
                Near.Equal(i / 2 == j / 2 ? 1.0 : -0.5, picture.Cosines[i, j], Units, scale: 1.0);
    }

    [Theory]
    [InlineData(3, 12, new[] { 0, 1, 2 }, 4)]
    [InlineData(3, 100, new[] { 0, 1, 2 }, 9)]
    [InlineData(7, 9, new[] { 0, 1, 3, 5 }, 2)]
    public void Samples_are_spread_evenly_over_classes_and_within_each(int classes, int most, int[] shown, int perClass)
    {
        int[] labels = [.. Enumerable.Range(0, 9 * classes).Select(i => i % classes)];
        Tensor<double> features = Samples.Gaussian(1, 1, 3, labels.Length).Features;

        GramPicture picture = GramPicture.Measure(features.AsMatrix(), labels, classes, TestCompute.Instance, most);

        Assert.Equal(shown, picture.Classes);
        Assert.All(picture.Counts, count => Assert.Equal(perClass, count));
        int[] spread = [.. Enumerable.Range(0, perClass).Select(i => i * 9 / perClass)];
        Assert.Equal(shown.SelectMany(label => spread.Select(position => (position * classes) + label)), picture.Samples);
    }

    [Fact]
    public void A_class_with_fewer_samples_gives_all_it_has()
    {
        int[] labels = [0, 0, 0, 0, 1, 0];
        Tensor<double> features = Samples.Gaussian(1, 1, 3, labels.Length).Features;

        GramPicture picture = GramPicture.Measure(features.AsMatrix(), labels, 2, TestCompute.Instance, maxSamples: 6);

        Assert.Equal([3, 1], picture.Counts);
        Assert.Equal([0, 1, 3, 4], picture.Samples);
    }

    [Fact]
    public void Samples_at_the_mean_have_no_direction()
    {
        double[][] rows = [[1, 0], [0, 0], [-1, 0], [0, 0]];

        GramPicture picture = GramPicture.Measure(Textbook.ToTensor(rows).AsMatrix(), [0, 0, 1, 1], 2, TestCompute.Instance);

        Assert.Equal([1, 3], picture.WithoutDirection);
        Assert.Equal([1.0, 0.0, -1.0, 0.0], picture.Cosines.Row(0).ToArray());
        Assert.Equal(new double[4], picture.Cosines.Row(1).ToArray());
    }

    [Fact]
    public void Identical_features_have_no_directions_wherever_they_lie()
    {
        double[][] rows = [[1e8, 0.1], [1e8, 0.1], [1e8, 0.1], [1e8, 0.1]];

        GramPicture picture = GramPicture.Measure(Textbook.ToTensor(rows).AsMatrix(), [0, 0, 1, 1], 2, TestCompute.Instance);

        Assert.Equal([0, 1, 2, 3], picture.WithoutDirection);
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        Samples samples = Samples.Gaussian(seed: 1, classes: 2, dimension: 3, perClass: 2);

        Assert.Throws<ArgumentOutOfRangeException>("maxSamples", () => GramPicture.Measure(samples.Features.AsMatrix(), samples.Labels, 2, TestCompute.Instance, maxSamples: 3));
        Assert.Throws<ArgumentNullException>("compute", () => GramPicture.Measure(samples.Features.AsMatrix(), samples.Labels, 2, null!));
        Assert.ThrowsAny<ArgumentException>(() => GramPicture.Measure(samples.Features.AsMatrix(), samples.Labels[1..], 2, TestCompute.Instance));
    }

    private static double[] GlobalMean(Samples samples) =>
    [
        .. Enumerable.Range(0, samples.Features.Columns).Select(j => Enumerable.Range(0, samples.Classes)
            .Average(c => Enumerable.Range(0, samples.Labels.Length).Where(i => samples.Labels[i] == c).Average(i => samples.Features[i, j]))),
    ];

    private static double Cosine(Tensor<double> features, double[] mean, int i, int j)
    {
        double product = 0, squareI = 0, squareJ = 0;
        for (int k = 0; k < mean.Length; k++)
        {
            double x = features[i, k] - mean[k], y = features[j, k] - mean[k];
            product += x * y;
            squareI += x * x;
            squareJ += y * y;
        }
        return product / Math.Sqrt(squareI * squareJ);
    }
}
