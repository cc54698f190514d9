using Eigenscope.Numerics.Randomness;
using Eigenscope.Theory.ImplicitBias;

namespace Eigenscope.Theory.Tests.ImplicitBias;

public sealed class HadamardFlowTests
{
    private const int Classes = 8;
    private const double FlowTolerance = 1e-6;

    // Means of ten draws, as published of an independent program; collapse has 7.
    [Theory]
    [InlineData(0.3, 1, 6.99)]
    [InlineData(0.3, 2, 4.76)]
    [InlineData(0.3, 3, 3.57)]
    [InlineData(0.3, 5, 3.10)]
    [InlineData(0.05, 1, 7.00)]
    [InlineData(0.05, 2, 6.95)]
    [InlineData(0.05, 3, 5.64)]
    [InlineData(0.05, 5, 3.48)]
    public void Depth_alone_lowers_the_effective_rank(double spread, int depth, double expected)
    {
        double mean = Enumerable.Range(0, 10).Average(draw =>
        {
            HadamardFlowEnd end = HadamardFlow.Follow(Draw(spread, (ulong)draw), new HadamardFlowOptions { Depth = depth });
            Assert.Equal(1e-8, end.Loss, 1e-16);
            return end.EffectiveRank;
        });

        Assert.Equal(expected, mean, 0.5);
    }

    // The whole model in random frames, by the textbook's Runge–Kutta steps of order 4: logits as tables, gradients by the product rule.
    [Theory]
    [InlineData(1, 1, 12.0)]
    [InlineData(2, 1, 30.0)]
    [InlineData(3, 1, 60.0)]
    [InlineData(2, 3, 40.0)]
    public void Gradient_flow_of_the_whole_model_follows_it(int depth, int perClass, double last)
    {
        double[] sizes = Draw(0.3, 4);
        DenseFlow flow = new(sizes, depth, perClass, width: 9, new RandomStream(11));
        for (int part = 1; part <= 3; part++)
        {
            flow.Run(last / 3, steps: 400);
            HadamardFlowEnd end = HadamardFlow.Follow(sizes, new HadamardFlowOptions { Depth = depth, PerClass = perClass, StopTime = part * last / 3 });

            Assert.Equal(part * last / 3, end.Time, 1e-9 * last);
            double[,] logits = flow.Logits();
            for (int c = 0; c < Classes; c++)
            {
                for (int other = 0; other < Classes; other++)
                    Assert.Equal(Enumerable.Range(0, Classes).Sum(i => end.LogitSingularValues[i] * DenseFlow.Sign(i, c) * DenseFlow.Sign(i, other)) / Classes, logits[other, c], FlowTolerance);
            }
        }
        Assert.True(flow.Logits()[0, 0] > 2 * logits0(sizes, depth));

        static double logits0(double[] sizes, int depth) => sizes.Sum(size => Math.Pow(size, depth + 1)) / Classes;
    }

    // With all sizes equal there is one equation, ds/dt = s^L q with q the probability of another class; for one matrix and s² = z it is solved by quadrature of dt = dz / (2 z q).
    [Fact]
    public void Equal_sizes_follow_the_quadrature_of_their_one_equation()
    {
        HadamardFlowEnd end = HadamardFlow.Follow(Enumerable.Repeat(0.5, Classes).ToArray(), new HadamardFlowOptions { Depth = 1 });
        double z = end.LogitSingularValues[1];
        double time = Simpson(static gain => (1 + (7 * Math.Exp(-gain))) / (2 * gain * Math.Exp(-gain)), 0.25, z, 200_000);

        Assert.Equal(1e-8, Math.Log(1 + (7 * Math.Exp(-z))), 1e-15);
        Assert.Equal(time, end.Time, 1e-8 * time);
        Assert.Equal(7.0, end.EffectiveRank, 1e-12);
        Assert.Equal(0.5, end.Sizes[0]);
    }

    [Fact]
    public void A_tighter_tolerance_moves_the_end_by_no_more_than_the_errors_told()
    {
        HadamardFlowOptions options = new() { Depth = 3 };
        double[] sizes = Draw(0.3, 2);
        HadamardFlowEnd loose = HadamardFlow.Follow(sizes, options with { Tolerance = 1e-7 });
        HadamardFlowEnd tight = HadamardFlow.Follow(sizes, options with { Tolerance = 1e-12 });

        Assert.True(tight.Steps > loose.Steps);
        Assert.True(tight.ErrorEstimate < loose.ErrorEstimate);
        // Neighbouring flows drift apart before they come together again.
        Assert.All(loose.Sizes.Zip(tight.Sizes), pair => Assert.Equal(pair.Second, pair.First, 100 * loose.ErrorEstimate));
    }

    [Fact]
    public void Wrong_input_is_refused()
    {
        HadamardFlowOptions options = new() { Depth = 2 };

        Assert.Throws<ArgumentException>(() => HadamardFlow.Follow([1.0, 1.0, 1.0], options));
        Assert.Throws<ArgumentException>(() => HadamardFlow.Follow([1.0], options));
        Assert.Throws<ArgumentException>(() => HadamardFlow.Follow([1.0, -1.0], options));
        Assert.Throws<ArgumentOutOfRangeException>(() => HadamardFlow.Follow([1.0, 1.0], options with { Depth = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => HadamardFlow.Follow([1.0, 1.0], options with { PerClass = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => HadamardFlow.Follow([1.0, 1.0], options with { StopLoss = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => HadamardFlow.Follow([1.0, 1.0], options with { StopTime = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => HadamardFlow.Follow([1.0, 1.0], options with { Tolerance = 1 }));
    }

    [Fact]
    public void At_time_zero_nothing_has_moved()
    {
        double[] sizes = Draw(0.3, 1);

        HadamardFlowEnd end = HadamardFlow.Follow(sizes, new HadamardFlowOptions { Depth = 2, StopTime = 0 });

        Assert.Equal(sizes, end.Sizes);
        Assert.Equal((0.0, 0), (end.Time, end.Steps));
    }

    private static double[] Draw(double spread, ulong seed)
    {
        RandomStream random = new(seed);
        return [.. Enumerable.Range(0, Classes).Select(_ => Math.Abs(0.5 * (1 + (spread * random.NextNormal()))))];
    }

    private static double Simpson(Func<double, double> function, double low, double high, int intervals)
    {
        double step = (high - low) / intervals;
        double sum = function(low) + function(high);
        for (int i = 1; i < intervals; i++)
            sum += (int.IsOddInteger(i) ? 4 : 2) * function(low + (i * step));
        return sum * step / 3;
    }
}
