using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Tests.Networks;

public sealed class LayerNormLayerTests
{
    private const int Width = 5;
    private const double Tolerance = 1e-12;

    // ε / variance for the inputs below is 1e-12.
    private const double LeftByEpsilon = 1e-11;

    [Fact]
    public void Every_group_has_mean_zero_and_the_variance_that_epsilon_leaves()
    {
        double[] x = [.. Enumerable.Range(0, 3 * Width).Select(static i => Math.Sin(i * i))];
        double[] y = LayerProbe.Value(Layer(3 * Width), x, Identity(), keep: true);
        for (int group = 0; group < 3; group++)
        {
            double[] input = x[(group * Width)..((group + 1) * Width)];
            double[] output = y[(group * Width)..((group + 1) * Width)];
            double variance = input.Average(value => Math.Pow(value - input.Average(), 2));
            Assert.Equal(0.0, output.Average(), Tolerance);
            Assert.Equal(variance / (variance + 1e-5), output.Average(static value => value * value), Tolerance);
        }
    }

    [Fact]
    public void A_constant_group_becomes_the_shift()
    {
        double[] parameters = Identity();
        parameters[Width + 2] = 0.25;
        Assert.Equal([0, 0, 0.25, 0, 0], LayerProbe.Value(Layer(Width), [3, 3, 3, 3, 3], parameters, keep: false));
    }

    [Fact]
    public void Scaling_the_input_up_changes_nothing_and_a_far_mean_costs_no_digits()
    {
        // Near 2²⁰ single precision resolves 1/16, and these inputs are exact in it.
        float[] near = [1, 2, 4, 8, 16];
        float[] far = [.. near.Select(static value => value + (1 << 20))];
        float[] identity = [.. Identity().Select(static value => (float)value)];
        float[] expected = LayerProbe.Value(Layer(Width), near, identity, keep: true);
        Assert.Equal(expected, LayerProbe.Value(Layer(Width), far, identity, keep: true));
    }

    // x̂ does not change along 1, nor (but for ε) along x̂ itself: the pullback sends nothing there.
    [Fact]
    public void Nothing_is_pulled_back_along_the_directions_that_are_normalised_away()
    {
        double[] x = [1e3, -2e3, 4e3, 8e3, -1.5e3];
        double[] normalized = LayerProbe.Value(Layer(Width), x, Identity(), keep: true);
        double[] pulled = LayerProbe.Pullback(Layer(Width), x, Identity(), [1, 2, -3, 4, 5]);
        double scale = pulled.Max(Math.Abs);
        Assert.Equal(0.0, pulled.Sum(), Tolerance * scale);
        Assert.Equal(0.0, pulled.Zip(normalized, static (a, b) => a * b).Sum(), LeftByEpsilon * scale);
    }

    [Fact]
    public void Rows_that_are_not_whole_groups_and_a_useless_epsilon_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Layer(Width + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LayerNormLayer("norm", Width, Block("scale", 0, 1.0), Block("shift", Width, 0.0), 0, epsilon: 0.0));
    }

    private static LayerNormLayer Layer(int size) => new("norm", size, Block("scale", 0, 1.0), Block("shift", Width, 0.0), 0);

    private static ParameterBlock Block(string name, int offset, double value) => new(name, offset, [Width], IsBias: true) { InitialValue = value };

    private static double[] Identity() => [.. Enumerable.Repeat(1.0, Width), .. Enumerable.Repeat(0.0, Width)];
}
