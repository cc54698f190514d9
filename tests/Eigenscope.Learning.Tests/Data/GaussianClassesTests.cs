using Eigenscope.Learning.Data;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Learning.Tests.Data;

public sealed class GaussianClassesTests
{
    /// <summary>A sample variance of n normals has relative standard deviation √(2/n); five of them fail once in 1.7 million seeds.</summary>
    private const double StandardDeviations = 5.0;

    [Fact]
    public void Means_and_noise_have_the_variances_asked_for()
    {
        GaussianOptions options = new() { Classes = 50, PerClass = 40, Dimension = 40, MeanSpread = 1.5, Noise = 0.6 };
        Dataset data = GaussianClasses.Create(options, new RandomStream(11));
        double within = 0, between = 0;
        for (int c = 0; c < 50; c++)
        {
            for (int j = 0; j < 40; j++)
            {
                double mean = Enumerable.Range(0, 40).Sum(i => data.Inputs[(40 * c) + i, j]) / 40;
                between += mean * mean / 2000;
                within += Enumerable.Range(0, 40).Sum(i => Math.Pow(data.Inputs[(40 * c) + i, j] - mean, 2)) / (2000 * 39);
            }
        }
        AssertNear(0.36, within, 2000 * 39);
        AssertNear(2.25 + (0.36 / 40), between, 2000);
    }

    [Fact]
    public void More_samples_leave_the_means_as_they_are()
    {
        GaussianOptions noiseless = new() { PerClass = 1, Noise = 0 };
        double[] means = GaussianClasses.Create(noiseless, new RandomStream(2)).Inputs.Span.ToArray();
        Dataset more = GaussianClasses.Create(noiseless with { PerClass = 2 }, new RandomStream(2));
        Assert.Equal([0, 0, 1, 1, 2, 2], more.Labels);
        Assert.Equal(means[10..20], more.Inputs.Row(3).ToArray());
        Assert.NotEqual(means[..10], means[10..20]);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        GaussianOptions good = new();
        foreach (GaussianOptions bad in new[]
                 {
                     good with { Classes = 0 }, good with { PerClass = -1 }, good with { Dimension = 0 }, good with { MeanSpread = double.NaN },
                     good with { Noise = -1 }, good with { Noise = double.PositiveInfinity }, good with { Classes = int.MaxValue, PerClass = int.MaxValue, Dimension = int.MaxValue },
                 })
            Assert.StartsWith("gaussian", Assert.Throws<DataException>(() => GaussianClasses.Create(bad, new RandomStream(0))).Message, StringComparison.Ordinal);
    }

    private static void AssertNear(double variance, double sample, int count) =>
        Assert.InRange(sample, variance * (1 - (StandardDeviations * Math.Sqrt(2.0 / count))), variance * (1 + (StandardDeviations * Math.Sqrt(2.0 / count))));
}
