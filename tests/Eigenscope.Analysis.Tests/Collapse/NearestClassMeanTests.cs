using Eigenscope.Analysis.Collapse;
using Eigenscope.Analysis.Tests.Support;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Tests.Collapse;

public sealed class NearestClassMeanTests
{
    [Fact]
    public void Ties_go_to_the_lowest_index()
    {
        // Means (1, 0), (−1, 0) and (0, 5); the sample (0, 0) of class 2 is as far from the first as from the second.
        Tensor<double> features = new([1, 1, 1, -1, -1, 1, -1, -1, 0, 0, 0, 10], 6, 2);
        int[] labels = [0, 0, 1, 1, 2, 2];
        ClassStatistics statistics = ClassStatistics.Measure(features.AsMatrix(), labels, 3);
        Assert.Equal([0, 0, 1, 1, 0, 2], NearestClassMean.Find(statistics, features.AsMatrix(), TestCompute.Instance));
        Number agreement = NearestClassMean.Agreement(statistics, features.AsMatrix(), [0, 0, 1, 1, 2, 2], TestCompute.Instance);
        Assert.Equal(5.0 / 6.0, agreement.Value);
    }

    [Fact]
    public void Ties_survive_the_rounding_of_the_expanded_distance() => Laws.Hold(seed =>
    {
        // The origin is exactly as far from v as from −v, but not after the global mean, a third of u, was subtracted.
        const int d = 9;
        double[] v = Samples.Gaussian(seed, 2, d, 1).Features.Row(0).ToArray();
        double[] u = Enumerable.Range(0, d).Select(j => 100.0 + j).ToArray();
        Tensor<double> features = new([.. v, .. v.Select(x => -x), .. new double[d], .. u], 4, d);
        ClassStatistics statistics = ClassStatistics.Measure(features.AsMatrix(), [0, 1, 2, 2], 3);
        Assert.Equal([0, 1, 0, 2], NearestClassMean.Find(statistics, features.AsMatrix(), TestCompute.Instance));
    });

    [Fact]
    public void Coinciding_means_all_go_to_the_first()
    {
        Tensor<double> features = new([3, 4, 3, 4, 3, 4], 3, 2);
        ClassStatistics statistics = ClassStatistics.Measure(features.AsMatrix(), [0, 1, 2], 3);
        Assert.Equal([0, 0, 0], NearestClassMean.Find(statistics, features.AsMatrix(), TestCompute.Instance));
    }

    [Theory]
    [InlineData(0.0, 1.0)]
    [InlineData(1e6, 1.0)]
    [InlineData(1e6, 1e-7)]
    public void Agrees_with_every_distance_written_out(double offset, double scale)
    {
        Samples samples = Samples.Gaussian(41, 7, 13, 190, spread: 0.3, noise: 1.0);
        foreach (ref double value in samples.Features.Span)
            value = (value * scale) + offset;
        ClassStatistics statistics = ClassStatistics.Measure(samples.Features.AsMatrix(), samples.Labels, 7);
        int[] actual = NearestClassMean.Find(statistics, samples.Features.AsMatrix(), TestCompute.Instance);
        int different = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            double[] distances = new double[7];
            for (int c = 0; c < 7; c++)
                for (int j = 0; j < 13; j++)
                    distances[c] += Math.Pow(samples.Features[i, j] - statistics.Means[c, j], 2);
            // A sum of 13 squares is exact to 13 eps: within that the two orders of summation may disagree about who is nearer.
            Near.Equal(distances.Min(), distances[actual[i]], 26);
            different += actual[i] == samples.Labels[i] ? 0 : 1;
        }
        Assert.InRange(different, 100, actual.Length - 100);
    }

    [Fact]
    public void Wrong_predictions_are_refused()
    {
        Samples samples = Samples.Gaussian(42, 3, 2, 4);
        ClassStatistics statistics = ClassStatistics.Measure(samples.Features.AsMatrix(), samples.Labels, 3);
        Assert.Throws<ArgumentException>(() => NearestClassMean.Agreement(statistics, samples.Features.AsMatrix(), [0, 1], TestCompute.Instance));
        int[] predictions = new int[samples.Labels.Length];
        predictions[4] = 3;
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => NearestClassMean.Agreement(statistics, samples.Features.AsMatrix(), predictions, TestCompute.Instance));
        Assert.Contains("got 3 at sample 4", error.Message);
    }
}
