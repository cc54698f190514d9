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
            ResampledEstimate estimate = Nc1Bootstrap.TraceRatio(features.AsMatrix(), labels, Classes, 100, TestCompute.Instance, new RandomStream((ulong)set));
            ratios[set] = estimate.Value.Value!.Value;
            error += estimate.StandardError.Value!.Value / ratios.Length;
            bias += estimate.Bias.Value!.Value / ratios.Length;
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
        ResampledEstimate estimate = Nc1Bootstrap.TraceRatio(features.AsMatrix(), labels, Classes, 2, TestCompute.Instance, new RandomStream(1));
        Near.Equal(Textbook.TraceRatio(Textbook.Rows(features), labels, Classes), estimate.Value, 2000.0);
        Assert.Equal(2, estimate.Resamplings);
    }

    [Fact]
    public void Identical_samples_have_no_error_and_coinciding_means_no_number()
    {
        Samples collapsed = Samples.Around([[1, 0], [0, 1]]);
        ResampledEstimate estimate = Nc1Bootstrap.TraceRatio(collapsed.Features.AsMatrix(), collapsed.Labels, 2, 10, TestCompute.Instance, new RandomStream(1));
        Assert.Equal(0.0, estimate.StandardError.Value);
        Samples same = Samples.Around([[1, 0], [1, 0]]);
        Assert.False(Nc1Bootstrap.TraceRatio(same.Features.AsMatrix(), same.Labels, 2, 10, TestCompute.Instance, new RandomStream(1)).StandardError.IsDefined);
        Assert.Throws<ArgumentOutOfRangeException>(() => Nc1Bootstrap.TraceRatio(same.Features.AsMatrix(), same.Labels, 2, 1, TestCompute.Instance, new RandomStream(1)));
    }

    // 200 draws of 48 from the 60 samples of every class, beside the ratio of all 240: a fifth of the population is all that is not known, and the error is √0.2 of the one of another 192 from anywhere.
    [Fact]
    public void Of_a_finite_population_the_error_is_the_spread_over_draws_without_replacement_and_the_bias_their_offset()
    {
        const int Draws = 200, Drawn = 48;
        (Tensor<double> features, int[] labels) = Draw(5);
        double truth = Textbook.TraceRatio(Textbook.Rows(features), labels, Classes), square = 0.0, offset = 0.0, claimed = 0.0, bias = 0.0;
        for (int draw = 0; draw < Draws; draw++)
        {
            int[] chosen = [.. Enumerable.Range(0, Classes).SelectMany(c => Shuffled(draw, c)[..Drawn].Select(i => (i * Classes) + c))];
            int[] own = [.. chosen.Select(i => labels[i])];
            Tensor<double> part = Textbook.ToTensor([.. chosen.Select(i => features.Row(i).ToArray())]);
            ResampledEstimate estimate = Nc1Bootstrap.TraceRatio(part.AsMatrix(), own, Classes, 100, TestCompute.Instance, new RandomStream((ulong)draw)).OfPopulation((double)Drawn / PerClass);
            square += Math.Pow(estimate.Value.Value!.Value - truth, 2) / Draws;
            offset += (estimate.Value.Value.Value - truth) / Draws;
            claimed += Math.Pow(estimate.StandardError.Value!.Value, 2) / Draws;
            bias += estimate.Bias.Value!.Value / Draws;
        }
        double spread = Math.Sqrt(square);
        Assert.InRange(Math.Sqrt(claimed) / spread, 0.85, 1.15);
        // The mean of 200 draws is known to a fourteenth of the spread.
        Assert.InRange(bias - offset, -4.0 * spread / Math.Sqrt(Draws), 4.0 * spread / Math.Sqrt(Draws));

        static int[] Shuffled(int draw, int c)
        {
            int[] order = [.. Enumerable.Range(0, PerClass)];
            new RandomStream((ulong)((draw * Classes) + c)).Shuffle<int>(order);
            return order;
        }
    }

    [Fact]
    public void A_resampling_in_which_the_means_coincide_and_single_samples_give_the_reason()
    {
        // One sample of the first class lies on the other class's point: a replicate that draws it twice has equal means, as one in four does.
        Tensor<double> features = Textbook.ToTensor([[1.0], [0.0], [1.0], [1.0]]);
        ResampledEstimate estimate = Nc1Bootstrap.TraceRatio(features.AsMatrix(), [0, 0, 1, 1], 2, 100, TestCompute.Instance, new RandomStream(1));
        Near.Equal(2.0, estimate.Value, 10.0);
        Near.Undefined("the class means coincide in a resampling: they are no further apart than single samples scatter", estimate.StandardError);
        Near.Undefined("the class means coincide in a resampling: they are no further apart than single samples scatter", estimate.Bias);

        ResampledEstimate single = Nc1Bootstrap.TraceRatio(Textbook.ToTensor([[1.0], [0.0]]).AsMatrix(), [0, 1], 2, 10, TestCompute.Instance, new RandomStream(1));
        Assert.Equal(0.0, single.Value.Value);
        Near.Undefined("every class has a single sample: there is nothing to resample", single.StandardError);
    }

    [Fact]
    public void Of_a_population_measured_whole_nothing_is_in_doubt()
    {
        ResampledEstimate estimate = new(Number.Of(2.0), Number.Of(0.5), Number.Undefined("not shown"), 10);
        Assert.Equal(Number.Of(0.0), estimate.OfPopulation(1.0).StandardError);
        Assert.Equal(Number.Of(0.25), estimate.OfPopulation(0.75).StandardError);
        Assert.Equal("not shown", estimate.OfPopulation(0.75).Bias.Reason);
        Assert.Throws<ArgumentOutOfRangeException>(() => estimate.OfPopulation(0.0));
        Assert.Throws<ArgumentOutOfRangeException>(() => estimate.OfPopulation(double.NaN));
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
