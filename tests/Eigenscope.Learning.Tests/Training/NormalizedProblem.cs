using System.Numerics;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Tests.Training;

/// <summary>
/// A small network in which batch normalisation meets all that can surround it: over an image's channels and over flat features, below a fork and above one, before ReLU and before a join. With
/// it a textbook version in complex arithmetic, whole batch at once, that gives derivatives by the complex step:
/// z = D₃ tanh(r + N₂(D₂ r)), r = relu(N₁(D₁ x)) or, smooth, tanh of the same; N₁ over the channels of a 2 × 2 image, N₂ over flat features.
/// </summary>
internal sealed class NormalizedProblem
{
    public const int Inputs = 3;
    public const int Channels = 2;
    public const int Width = 8;
    public const int Classes = 3;
    private const double Step = 1e-100;

    private readonly bool _smooth;

    public NormalizedProblem(int samples = 60, double dropout = 0.0, bool smooth = false)
    {
        _smooth = smooth;
        Network = NetworkBuilder.Build(builder =>
        {
            int first = builder.Dense(NetworkBuilder.Input, "d1", Inputs, Width, biased: true);
            int rectified = builder.Activation(builder.BatchNorm(first, "n1", new ImageShape(Channels, 2, 2)), "n1", Width, smooth ? Activation.Tanh : Activation.Relu);
            int branch = builder.BatchNorm(builder.Dense(rectified, "d2", Width, Width, biased: false), "n2", new ImageShape(Width, 1, 1));
            int joined = builder.Activation(builder.Sum("sum", rectified, branch), "sum", Width, Activation.Tanh);
            builder.Dense(builder.Dropout(joined, "sum", Width, dropout), "d3", Width, Classes, biased: true);
        });
        RandomStream random = new(99);
        Samples = new Tensor<double>(samples, Inputs);
        random.Split("inputs").FillNormal(Samples.Span);
        Labels = [.. Enumerable.Range(0, samples).Select(static i => (i * 7) % Classes)];
        State = new double[Network.StateLength];
        random.Split("state").FillNormal(State, 0.5);
        foreach (ParameterBlock block in Network.Blocks.Concat(Network.Statistics).Where(static block => block.InitialValue == 1.0))
        {
            foreach (ref double value in State.AsSpan(block.Offset, block.Length))
                value = 0.3 + Math.Abs(value);
        }
        // Exact in single precision, so that both precisions solve the same problem.
        foreach (ref double value in Samples.Span)
            value = (float)value;
        foreach (ref double value in State.AsSpan())
            value = (float)value;
    }

    public Network Network { get; }

    public Tensor<double> Samples { get; }

    public int[] Labels { get; }

    public double[] State { get; }

    public static int[] Batch(int count) => [.. Enumerable.Range(0, count).Select(static i => ((i * 23) + 5) % 60)];

    public static TrainingStep PlainStep => new() { Random = new RandomStream(1), Epoch = 0, Batch = 0 };

    public Objective Objective(int threads = 1, Precision precision = Precision.Float64, NetworkMode mode = NetworkMode.Measuring, Loss? loss = null) => Learning.Derivatives.Objective.Create(
        Network, Samples, Labels, loss ?? new CrossEntropy(), new Compute(BlasBackends.Load(BlasChoice.Auto).Backend, threads), new ObjectiveOptions { Precision = precision, Mode = mode });

    /// <summary>Mean loss over a batch that is normalised by its own statistics, and its gradient.</summary>
    public (double Loss, double[] Gradient) Reference(int[] batch)
    {
        double[] gradient = new double[Network.ParameterCount];
        Complex[] state = [.. State.Select(static value => new Complex(value, 0.0))];
        double loss = Loss(state, batch).Real;
        for (int i = 0; i < gradient.Length; i++)
        {
            state[i] += new Complex(0.0, Step);
            gradient[i] = Loss(state, batch).Imaginary / Step;
            state[i] = State[i];
        }
        return (loss, gradient);
    }

    /// <summary>The gradient of the mean loss over all samples, normalised by the stored statistics.</summary>
    public double[] MeasuredGradient(double[] parameters)
    {
        double[] gradient = new double[Network.ParameterCount];
        Complex[] state = [.. parameters.Select(static value => new Complex(value, 0.0))];
        int[] all = [.. Enumerable.Range(0, Labels.Length)];
        for (int i = 0; i < gradient.Length; i++)
        {
            state[i] += new Complex(0.0, Step);
            gradient[i] = Loss(state, all, stored: true).Imaginary / Step;
            state[i] = parameters[i];
        }
        return gradient;
    }

    /// <summary>What enters each normalisation: for every channel the numbers that its mean and variance are over.</summary>
    public (double[][] First, double[][] Second) NormalizedInputs(int[] batch)
    {
        (Complex[][] first, Complex[][] second, _) = Forward([.. State.Select(static value => new Complex(value, 0.0))], batch);
        return (Channelwise(first, Channels), Channelwise(second, Width));
    }

    private static double[][] Channelwise(Complex[][] rows, int channels) =>
        [.. Enumerable.Range(0, channels).Select(c => rows.SelectMany(row => row.Where((_, i) => i % channels == c)).Select(static value => value.Real).ToArray())];

    private Complex Loss(Complex[] state, int[] batch, bool stored = false)
    {
        (_, _, Complex[][] logits) = Forward(state, batch, stored);
        Complex loss = 0.0;
        for (int n = 0; n < batch.Length; n++)
            loss += (Complex.Log(logits[n].Aggregate(Complex.Zero, static (sum, z) => sum + Complex.Exp(z))) - logits[n][Labels[batch[n]]]) / batch.Length;
        return loss;
    }

    private (Complex[][] First, Complex[][] Second, Complex[][] Logits) Forward(Complex[] state, int[] batch, bool stored = false)
    {
        Complex[][] x = [.. batch.Select(i => Samples.Row(i).ToArray().Select(static value => new Complex(value, 0.0)).ToArray())];
        Complex[][] first = Dense(state, x, "d1");
        Complex[][] rectified = Map(Normalize(state, first, "n1", Channels, stored), value => _smooth ? Complex.Tanh(value) : value.Real > 0.0 ? value : 0.0);
        Complex[][] second = Dense(state, rectified, "d2");
        Complex[][] branch = Normalize(state, second, "n2", Width, stored);
        Complex[][] joined = [.. rectified.Zip(branch, static (a, b) => a.Zip(b, static (u, v) => Complex.Tanh(u + v)).ToArray())];
        return (first, second, Dense(state, joined, "d3"));
    }

    private Span<Complex> Block(Complex[] state, string name)
    {
        ParameterBlock? block = Network.Blocks.Concat(Network.Statistics).FirstOrDefault(block => string.Equals(block.Name, name, StringComparison.Ordinal));
        return block is null ? [] : state.AsSpan(block.Offset, block.Length);
    }

    private Complex[][] Dense(Complex[] state, Complex[][] x, string name)
    {
        Complex[] weight = Block(state, $"{name}.weight").ToArray();
        Complex[] bias = Block(state, $"{name}.bias").ToArray();
        int inputs = x[0].Length;
        return [.. x.Select(row => Enumerable.Range(0, weight.Length / inputs).Select(o =>
            row.Select((value, i) => value * weight[(o * inputs) + i]).Aggregate(bias.Length > 0 ? bias[o] : Complex.Zero, static (a, b) => a + b)).ToArray())];
    }

    private Complex[][] Normalize(Complex[] state, Complex[][] x, string name, int channels, bool stored)
    {
        Complex[][] y = Map(x, static value => value);
        for (int c = 0; c < channels; c++)
        {
            Complex[] values = [.. x.SelectMany(row => row.Where((_, i) => i % channels == c))];
            Complex mean = values.Aggregate(Complex.Zero, static (a, b) => a + b) / values.Length;
            Complex variance = values.Aggregate(Complex.Zero, (sum, value) => sum + ((value - mean) * (value - mean))) / values.Length;
            if (stored)
                (mean, variance) = (Block(state, $"{name}.mean")[c], Block(state, $"{name}.variance")[c]);
            Complex slope = Block(state, $"{name}.scale")[c] / Complex.Sqrt(variance + 1e-5);
            Complex shift = Block(state, $"{name}.shift")[c];
            foreach (Complex[] row in y)
            {
                for (int i = c; i < row.Length; i += channels)
                    row[i] = ((row[i] - mean) * slope) + shift;
            }
        }
        return y;
    }

    private static Complex[][] Map(Complex[][] x, Func<Complex, Complex> function) => [.. x.Select(row => row.Select(function).ToArray())];
}
