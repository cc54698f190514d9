using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Tests.Derivatives;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Learning.Tests.Training;

public sealed class DropoutTests
{
    private const int Rows = 2000;
    private const int Width = 15;
    private const ulong Key = 0x1234;

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void An_entry_is_zero_with_the_rate_or_scaled_so_that_the_mean_stays(double rate)
    {
        DropoutLayer layer = new("drop", Width, rate);
        double[] ones = [.. Enumerable.Repeat(1.0, Rows * Width)];
        double[] masked = new double[ones.Length];
        layer.ApplyMask<double>(Key, 0, ones, masked);
        Assert.All(masked, value => Assert.True(value == 0.0 || value == 1.0 / (1.0 - rate)));
        // A share of 30,000 independent draws; five standard deviations. Likewise at each place of a row.
        double deviation = Math.Sqrt(rate * (1.0 - rate));
        Assert.Equal(rate, Share(masked), 5.0 * deviation / Math.Sqrt(masked.Length));
        for (int i = 0; i < Width; i++)
            Assert.Equal(rate, Share([.. masked.Where((_, index) => index % Width == i)]), 5.0 * deviation / Math.Sqrt(Rows));
        // Neighbours agree as often as independent draws do.
        double agree = masked.Zip(masked.Skip(1), static (a, b) => a == b ? 1.0 : 0.0).Average();
        Assert.Equal((rate * rate) + ((1.0 - rate) * (1.0 - rate)), agree, 5.0 / Math.Sqrt(Rows * Width));
    }

    [Fact]
    public void A_mask_belongs_to_its_row_of_the_batch_and_its_key()
    {
        DropoutLayer layer = new("drop", Width, 0.5);
        double[] ones = [.. Enumerable.Repeat(1.0, 8 * Width)];
        double[] whole = new double[ones.Length];
        double[] rest = new double[5 * Width];
        double[] other = new double[ones.Length];
        layer.ApplyMask<double>(Key, 0, ones, whole);
        layer.ApplyMask<double>(Key, 3, ones.AsSpan(0, rest.Length), rest);
        layer.ApplyMask<double>(Key + 1, 0, ones, other);
        Assert.Equal(whole[(3 * Width)..], rest);
        Assert.NotEqual(whole, other);
    }

    [Fact]
    public void Measuring_drops_nothing()
    {
        DerivativeProblem plain = new([5, 7, 6, 4], Activation.Relu, "cross-entropy");
        Network dropping = Network.Mlp(new MlpOptions { Widths = [5, 7, 6, 4], Dropout = 0.5 });
        Assert.Equal(2, dropping.Layers.OfType<DropoutLayer>().Count());
        Objective objective = Objective.Create(dropping, plain.Inputs, plain.Labels, plain.Loss, plain.Objective(2).Compute, new ObjectiveOptions());
        double[] gradient = new double[dropping.ParameterCount];
        double[] expected = new double[dropping.ParameterCount];
        Assert.Equal(plain.Objective(2).Gradient(plain.Parameters, expected), objective.Gradient(plain.Parameters, gradient));
        Assert.Equal(expected, gradient);
        using Linearization linearization = objective.Linearize(plain.Parameters);
        double[,] hessian = DenseComparison.Materialize(linearization.Hessian(), 4);
        Assert.True(DenseComparison.RelativeDistance(hessian, plain.ReferenceHessian()) < 1e-12);
    }

    [Fact]
    public void The_gradient_is_that_of_the_masked_loss_whatever_the_threads()
    {
        // The mask is fixed by the step, so the loss that a step reports can be differenced, to fourth order along a unit vector: h⁴ times a fifth derivative, and rounding over h.
        const double Step = 1e-3;
        const double Tolerance = 1e-10;
        NormalizedProblem problem = new(dropout: 0.4, smooth: true);
        int[] batch = NormalizedProblem.Batch(50);
        TrainingStep step = new() { Random = new RandomStream(5), Epoch = 2, Batch = 7 };
        int p = problem.Network.ParameterCount;
        double[] first = new double[p];
        problem.Objective(1).TrainingGradient([.. problem.State], batch, first, step);
        for (int threads = 2; threads <= 3; threads++)
        {
            double[] gradient = new double[p];
            problem.Objective(threads).TrainingGradient([.. problem.State], batch, gradient, step);
            Assert.True(RidgeProblem.Distance(first, gradient) < 1e-13 * RidgeProblem.Distance(first, new double[p]));
        }
        Objective objective = problem.Objective(2);
        double[] direction = new double[p];
        new RandomStream(6).FillNormal(direction, 1.0 / Math.Sqrt(p));
        double slope = first.Zip(direction, static (a, b) => a * b).Sum();
        double difference = ((8.0 * (Loss(Step) - Loss(-Step))) - (Loss(2.0 * Step) - Loss(-2.0 * Step))) / (12.0 * Step);
        Assert.Equal(slope, difference, Tolerance * RidgeProblem.Distance(first, new double[p]));
        double[] nextMask = new double[p];
        objective.TrainingGradient([.. problem.State], batch, nextMask, step with { Batch = 8 });
        Assert.True(RidgeProblem.Distance(first, nextMask) > 0.05 * RidgeProblem.Distance(first, new double[p]));

        double Loss(double length)
        {
            double[] state = [.. problem.State.Select((value, i) => i < p ? value + (length * direction[i]) : value)];
            return objective.TrainingGradient(state, batch, new double[p], step).Loss;
        }
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.0)]
    [InlineData(double.NaN)]
    public void A_rate_that_is_no_share_is_refused(double rate) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Network.Mlp(new MlpOptions { Widths = [2, 2], Dropout = rate }));

    private static double Share(double[] values) => values.Count(static value => value == 0.0) / (double)values.Length;
}
