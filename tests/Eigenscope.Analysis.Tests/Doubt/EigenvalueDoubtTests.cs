using Eigenscope.Analysis.Doubt;
using Eigenscope.Analysis.Tests.Support;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Tests.Doubt;

/// <summary>Linear regression on Gaussian inputs of variances 9, 1, 1 …: its Hessian is the sample covariance, whose top eigenvalue has the standard error 9 √(2/N) to first order (Anderson, Ann. Math. Statist. 34, 1963).</summary>
public sealed class EigenvalueDoubtTests
{
    private const int Count = 300;
    private const int Dimension = 5;
    private const double Spike = 9.0;
    private static readonly double Expected = Spike * Math.Sqrt(2.0 / Count);
    private static readonly EigenOptions Options = new() { Top = 1 };

    [Fact]
    public void Split_halves_give_the_standard_error_in_the_mean_over_data_sets()
    {
        // The squared error of one split has one degree of freedom: over 60 data sets its mean is known to √(2/60) = 18 %.
        double square = 0.0, bias = 0.0;
        for (ulong seed = 1; seed <= 60; seed++)
        {
            (Linearization linearization, int[] labels, EigenPairs whole) = Regression(seed);
            ResampledEstimate estimate = EigenvalueDoubt.SplitHalves(linearization, labels, 2, static half => half.GaussNewton(), whole, Options, 1, TestCompute.Instance, new RandomStream(seed))[0];
            Assert.Equal(whole.Values[0], estimate.Value.Value);
            square += estimate.StandardError.Value!.Value * estimate.StandardError.Value.Value / 60.0;
            bias += estimate.Bias.Value!.Value / 60.0;
        }
        Assert.InRange(square / (Expected * Expected), 0.45, 1.6);
        // The top eigenvalue lies above its limit by Σ_j ℓ ℓ_j / (ℓ − ℓ_j) / N (Lawley, Biometrika 43, 1956): 4 · 9 / 8 / N for each of the two logits' copies.
        double lawley = 4.0 * Spike / (Spike - 1.0) / Count;
        Assert.InRange(bias, 0.3 * lawley, 2.5 * lawley);
    }

    [Fact]
    public void Several_splits_are_averaged()
    {
        (Linearization linearization, int[] labels, EigenPairs whole) = Regression(7);
        ResampledEstimate estimate = EigenvalueDoubt.SplitHalves(linearization, labels, 2, static half => half.GaussNewton(), whole, Options with { Top = 3 }, 12, TestCompute.Instance, new RandomStream(2))[0];
        Assert.Equal(12, estimate.Resamplings);
        Assert.InRange(estimate.StandardError.Value!.Value / Expected, 0.5, 1.6);
    }

    [Fact]
    public void The_infinitesimal_jackknife_gives_it_from_one_data_set()
    {
        double mean = 0.0;
        for (ulong seed = 1; seed <= 10; seed++)
        {
            (Linearization linearization, int[] labels, EigenPairs whole) = Regression(seed);
            ResampledEstimate estimate = EigenvalueDoubt.GaussNewton(linearization, "all", labels, 2, whole, 1)[0];
            Assert.Equal(Count, estimate.Resamplings);
            Near.Undefined("the infinitesimal jackknife is of first order and shows no bias", estimate.Bias);
            Assert.InRange(estimate.StandardError.Value!.Value / Expected, 0.6, 1.5);
            mean += estimate.StandardError.Value.Value / 10.0;
        }
        // Fourth moments of 300 normal numbers are known to about 10 %, ten data sets to 3 %, and the error follows the eigenvalue itself.
        Assert.InRange(mean / Expected, 0.9, 1.1);
    }

    [Fact]
    public void A_cancelled_measurement_and_wrong_arguments_give_nothing()
    {
        (Linearization linearization, int[] labels, EigenPairs whole) = Regression(7);
        Assert.Empty(EigenvalueDoubt.SplitHalves(linearization, labels, 2, static half => half.GaussNewton(), whole, Options, 1, TestCompute.Instance, new RandomStream(2), new CancellationToken(canceled: true)));
        Assert.Throws<ArgumentException>(() => EigenvalueDoubt.GaussNewton(linearization, "all", labels, 2, whole with { Vectors = null }, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => EigenvalueDoubt.SplitHalves(linearization, labels, 2, static half => half.GaussNewton(), whole, Options, 0, TestCompute.Instance, new RandomStream(2)));
    }

    // Four of five samples drawn from 300: what is not known is the fifth left out. From the same draws without the population's size the error would come out 1/√0.2 = 2.24 times too large.
    [Fact]
    public void Of_a_finite_population_the_error_is_the_spread_over_draws_without_replacement()
    {
        const int Draws = 60, Drawn = 240;
        (Linearization population, int[] labels, EigenPairs whole) = Regression(7);
        double square = 0.0, claimed = 0.0;
        for (int draw = 0; draw < Draws; draw++)
        {
            int[] chosen = [.. Enumerable.Range(0, 2).SelectMany(c => Shuffled((2 * draw) + c)[..(Drawn / 2)].Select(i => (2 * i) + c))];
            using Linearization part = population.Objective.Subset(chosen).Linearize(population.Parameters());
            EigenPairs pairs = SymmetricEigensolver.Solve(part.GaussNewton(), Options, TestCompute.Instance, new RandomStream(1));
            ResampledEstimate estimate = EigenvalueDoubt.GaussNewton(part, "all", [.. chosen.Select(i => labels[i])], 2, pairs, 1)[0].OfPopulation((double)Drawn / Count);
            square += Math.Pow(pairs.Values[0] - whole.Values[0], 2) / Draws;
            claimed += Math.Pow(estimate.StandardError.Value!.Value, 2) / Draws;
        }
        // 60 draws know their own variance to √(2/60) = 18 %.
        Assert.InRange(claimed / square, 1.0 / 1.6, 1.6);

        static int[] Shuffled(int seed)
        {
            int[] order = [.. Enumerable.Range(0, Count / 2)];
            new RandomStream((ulong)seed).Shuffle<int>(order);
            return order;
        }
    }

    [Fact]
    public void Single_samples_show_no_error_and_say_so()
    {
        (Linearization linearization, _, EigenPairs whole) = Regression(7);
        int[] two = [0, 1];
        using Linearization single = linearization.Objective.Subset(two).Linearize(linearization.Parameters());
        const string Reason = "every class has a single sample: there is nothing to resample";
        Near.Undefined(Reason, EigenvalueDoubt.GaussNewton(single, "all", two, 2, whole, 1)[0].StandardError);
        ResampledEstimate halves = EigenvalueDoubt.SplitHalves(single, two, 2, static half => half.GaussNewton(), whole, Options, 1, TestCompute.Instance, new RandomStream(2))[0];
        Near.Undefined(Reason, halves.StandardError);
        Near.Undefined(Reason, halves.Bias);
    }

    // Two logits see the same inputs, so that every eigenvalue of the covariance comes twice.
    private static (Linearization Linearization, int[] Labels, EigenPairs Whole) Regression(ulong seed)
    {
        Network network = Network.Mlp(new MlpOptions { Widths = [Dimension, 2], Activation = Activation.Linear, Biases = false, LastBias = false });
        Tensor<double> inputs = new(Count, Dimension);
        new RandomStream(seed).FillNormal(inputs.Span, 1.0);
        for (int i = 0; i < Count; i++)
            inputs[i, 0] *= Math.Sqrt(Spike);
        int[] labels = [.. Enumerable.Range(0, Count).Select(static i => i % 2)];
        Linearization linearization = Objective.Create(network, inputs, labels, new MeanSquaredError(), TestCompute.Instance, new ObjectiveOptions()).Linearize(new double[network.ParameterCount]);
        return (linearization, labels, SymmetricEigensolver.Solve(linearization.GaussNewton(), Options, TestCompute.Instance, new RandomStream(1)));
    }
}
