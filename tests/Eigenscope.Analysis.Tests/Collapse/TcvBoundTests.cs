using Eigenscope.Analysis.Collapse;
using Eigenscope.Analysis.Tests.Support;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Tests.Collapse;

public sealed class TcvBoundTests
{
    private const double ReferenceUnits = 1e5;

    [Fact]
    public void The_inequality_holds_at_a_stationary_point() => Laws.Hold(seed =>
    {
        Samples samples = Samples.Gaussian(seed, 3, 6, 5);
        const double decay = 0.05;
        (Tensor<double> weight, Tensor<double> deltas) = RidgeOptimum(samples, outputs: 7, decay, seed + 1);
        TcvBound bound = Measure(weight, decay, deltas, samples);
        Assert.True(bound.Distance > 1e-3, "a weight that is of rank K already shows nothing");
        Assert.True(bound.Distance <= bound.Middle.Value, $"{bound.Distance} > {bound.Middle}");
        Assert.True(bound.Middle.Value <= bound.Right.Value, $"{bound.Middle} > {bound.Right}");
        Near.Equal(0.0, bound.Slack, 1e5, 1.0 / decay);
    });

    [Fact]
    public void Off_stationarity_the_slack_covers_the_difference() => Laws.Hold(seed =>
    {
        Samples samples = Samples.Gaussian(seed, 3, 6, 5);
        RandomStream random = new(seed + 1);
        Tensor<double> weight = new(7, 6), deltas = new(samples.Labels.Length, 7);
        random.FillNormal(weight.Span);
        random.FillNormal(deltas.Span, 1e-3);
        TcvBound bound = Measure(weight, 0.1, deltas, samples);
        Assert.True(bound.Distance <= bound.Middle.Value + bound.Slack.Value, $"{bound}");
        Assert.True(bound.Distance > bound.Middle.Value, "without the slack it fails here");
    });

    [Fact]
    public void The_three_numbers_agree_with_their_formulas_written_out()
    {
        Samples samples = Samples.Gaussian(61, 3, 6, 500);
        const double decay = 0.2;
        (Tensor<double> weight, Tensor<double> deltas) = RidgeOptimum(samples, outputs: 5, decay, 62);
        TcvBound bound = Measure(weight, decay, deltas, samples);
        double[][] rows = Textbook.Rows(samples.Features), errors = Textbook.Rows(deltas), w = Textbook.Rows(weight);
        double[][] means = Textbook.ClassMeans(rows, samples.Labels, 3);
        double[][] centred = rows.Select((r, i) => Textbook.Minus(r, means[samples.Labels[i]])).ToArray();
        (double[] squares, _) = Textbook.Eigen(Textbook.Product(w, Textbook.Transpose(w)));
        Near.Equal(Math.Sqrt(squares[3] + squares[4]), bound.Distance, ReferenceUnits);
        Near.Equal(Textbook.Norm(Textbook.Product(Textbook.Transpose(errors), centred)) / decay, bound.Middle, ReferenceUnits);
        double tcv = Textbook.Trace(Textbook.SigmaW(rows, samples.Labels, 3));
        Near.Equal(Math.Sqrt(rows.Length * Math.Pow(Textbook.Norm(errors), 2) * tcv) / decay, bound.Right, ReferenceUnits);
    }

    [Fact]
    public void Without_decay_there_is_no_bound()
    {
        Samples samples = Samples.Gaussian(63, 3, 6, 5);
        (Tensor<double> weight, Tensor<double> deltas) = RidgeOptimum(samples, outputs: 5, 0.1, 64);
        TcvBound bound = Measure(weight, 0.0, deltas, samples);
        Near.Undefined("the layer has no weight decay", bound.Middle);
        Near.Undefined("the layer has no weight decay", bound.Right);
        Assert.True(bound.Distance > 0.0);
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        Samples samples = Samples.Gaussian(65, 3, 6, 5);
        Tensor<double> deltas = new(samples.Labels.Length, 5);
        Assert.Throws<ArgumentOutOfRangeException>(() => Measure(new Tensor<double>(5, 6), -0.1, deltas, samples));
        Assert.Throws<ArgumentOutOfRangeException>(() => Measure(new Tensor<double>(5, 6), double.NaN, deltas, samples));
        Assert.Throws<ArgumentException>(() => Measure(new Tensor<double>(4, 6), 0.1, deltas, samples));
        Assert.Throws<ArgumentException>(() => Measure(new Tensor<double>(5, 7), 0.1, deltas, samples));
    }

    private static TcvBound Measure(Tensor<double> weight, double decay, Tensor<double> deltas, Samples samples) =>
        TcvBound.Measure(weight.AsMatrix(), decay, deltas.AsMatrix(), samples.Features.AsMatrix(), samples.Labels, samples.Classes, TestCompute.Instance);

    /// <summary>The minimiser W = (1/N) YᵀZ ((1/N) ZᵀZ + λI)⁻¹ of 1/(2N) Σ‖W z − y‖² + ½λ‖W‖² for random targets, with its errors (W z_i − y_i)/N.</summary>
    private static (Tensor<double> Weight, Tensor<double> Deltas) RidgeOptimum(Samples samples, int outputs, double decay, ulong seed)
    {
        double[][] z = Textbook.Rows(samples.Features);
        Tensor<double> targets = new(z.Length, outputs);
        new RandomStream(seed).FillNormal(targets.Span);
        double[][] y = Textbook.Rows(targets);
        double[][] system = Textbook.Moment(z);
        for (int i = 0; i < system.Length; i++)
            system[i][i] += decay;
        double[][] inverse = Textbook.PseudoInverse(system, system.Length);
        double[][] cross = Textbook.Product(Textbook.Transpose(y), z).Select(r => r.Select(v => v / z.Length).ToArray()).ToArray();
        double[][] weight = Textbook.Product(cross, inverse);
        double[][] outputsOf = Textbook.Product(z, Textbook.Transpose(weight));
        double[][] deltas = outputsOf.Select((r, i) => Textbook.Minus(r, y[i]).Select(v => v / z.Length).ToArray()).ToArray();
        return (Textbook.ToTensor(weight), Textbook.ToTensor(deltas));
    }
}
