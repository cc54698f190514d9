using Eigenscope.Analysis.Doubt;
using Eigenscope.Analysis.Tests.Support;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Tests.Doubt;

public sealed class Nc1BootstrapTests
{
    private const int Classes = 4;
    private const int PerClass = 60;
    private const int Dimension = 6;
    private const double Noise = 0.4;

    // 200 data sets of the same law: the spread of their ratios is what the standard error claims, known to 5 % from 200 and to 7 % from 100 replicates; n_c = 60 takes 1 % off.
    [Fact]
    public void The_standard_error_is_the_spread_over_data_sets_and_the_bias_their_offset()
    {
        double[] ratios = new double[200];
        double error = 0.0, bias = 0.0;
        for (int set = 0; set < ratios.Length; set++)
        {
            (Tensor<double> features, int[] labels) = Draw((ulong)(set + 1));
            ResampledEstimate estimate = Nc1Bootstrap.TraceRatio(features.AsMatrix(), labels, Classes, 100, TestCompute.Instance, new RandomStream((ulong)set))!;
            ratios[set] = estimate.Estimate.Mean;
            error += estimate.Estimate.StandardError / ratios.Length;
            bias += estimate.Bias!.Value / ratios.Length;
        }
        double mean = ratios.Average(), spread = Math.Sqrt(ratios.Average(ratio => (ratio - mean) * (ratio - mean)));
        Assert.InRange(error / spread, 0.85, 1.15);
        // Means 3 e_c: tr Σ_W = d σ², tr Σ_B = 9 (1 − 1/K). A mean of n_c samples loses 1/n_c of the variance within and adds it between.
        double truth = Dimension * Noise * Noise / (9.0 * (1.0 - (1.0 / Classes)));
        Assert.InRange(mean - truth, -4.0 * spread / Math.Sqrt(ratios.Length) - (0.03 * truth), 0.0);
        Assert.InRange(bias, 1.5 * (mean - truth) - (0.5 * spread / Math.Sqrt(ratios.Length)), 0.0);
    }

    [Fact]
    public void The_number_is_the_one_measured()
    {
        (Tensor<double> features, int[] labels) = Draw(3);
        ResampledEstimate estimate = Nc1Bootstrap.TraceRatio(features.AsMatrix(), labels, Classes, 2, TestCompute.Instance, new RandomStream(1))!;
        Near.Equal(Textbook.TraceRatio(Textbook.Rows(features), labels, Classes), estimate.Estimate.Mean, 2000.0);
        Assert.Equal(2, estimate.Estimate.Samples);
    }

    [Fact]
    public void Identical_samples_have_no_error_and_coinciding_means_no_number()
    {
        Samples collapsed = Samples.Around([[1, 0], [0, 1]]);
        ResampledEstimate estimate = Nc1Bootstrap.TraceRatio(collapsed.Features.AsMatrix(), collapsed.Labels, 2, 10, TestCompute.Instance, new RandomStream(1))!;
        Assert.Equal(0.0, estimate.Estimate.StandardError);
        Samples same = Samples.Around([[1, 0], [1, 0]]);
        Assert.Null(Nc1Bootstrap.TraceRatio(same.Features.AsMatrix(), same.Labels, 2, 10, TestCompute.Instance, new RandomStream(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Nc1Bootstrap.TraceRatio(same.Features.AsMatrix(), same.Labels, 2, 1, TestCompute.Instance, new RandomStream(1)));
    }

    private static (Tensor<double> Features, int[] Labels) Draw(ulong seed)
    {
        int[] labels = [.. Enumerable.Range(0, Classes * PerClass).Select(static i => i % Classes)];
        Tensor<double> features = new(labels.Length, Dimension);
        new RandomStream(seed).FillNormal(features.Span, Noise);
        for (int i = 0; i < labels.Length; i++)
            features[i, labels[i]] += 3.0;
        return (features, labels);
    }
}
