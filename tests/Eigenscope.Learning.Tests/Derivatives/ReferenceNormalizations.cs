using System.Numerics;

namespace Eigenscope.Learning.Tests.Derivatives;

/// <summary>γ (x − μ) / √(v + ε) + β, channel by channel, with μ and v given: they lie in the state, behind all parameters.</summary>
internal sealed class ReferenceBatchNorm(Extents extents, int source, int scale, Func<int> mean, double epsilon) : ReferenceStep(extents, source)
{
    public override Complex[] Value(Complex[] state, Complex[][] inputs) =>
        [.. inputs[0].Select((x, i) => (state[scale + Channel(i)] * Normalize(state, x, Channel(i))) + state[scale + Output.Channels + Channel(i)])];

    public override Complex[][] Pull(Complex[] state, Complex[][] inputs, Complex[] delta, Complex[] gradient)
    {
        Complex[] below = new Complex[delta.Length];
        for (int i = 0; i < delta.Length; i++)
        {
            int c = Channel(i);
            gradient[scale + c] += delta[i] * Normalize(state, inputs[0][i], c);
            gradient[scale + Output.Channels + c] += delta[i];
            below[i] = delta[i] * state[scale + c] / Deviation(state, c);
        }
        return [below];
    }

    private int Channel(int entry) => entry / Output.Positions;

    private Complex Normalize(Complex[] state, Complex x, int channel) => (x - state[mean() + channel]) / Deviation(state, channel);

    private Complex Deviation(Complex[] state, int channel) => Complex.Sqrt(state[mean() + Output.Channels + channel] + epsilon);
}

/// <summary>γ (x − mean) / √(var + ε) + β over the channels of each position; the chain rule goes through the variance and through the mean, one after the other.</summary>
internal sealed class ReferenceLayerNorm(Extents extents, int source, int scale) : ReferenceStep(extents, source)
{
    private const double Epsilon = 1e-5;

    public override Complex[] Value(Complex[] state, Complex[][] inputs)
    {
        Complex[] y = new Complex[Output.Size];
        for (int position = 0; position < Output.Positions; position++)
        {
            (Complex mean, Complex variance) = Moments(inputs[0], position);
            for (int c = 0; c < Output.Channels; c++)
            {
                int i = (c * Output.Positions) + position;
                y[i] = (state[scale + c] * (inputs[0][i] - mean) / Complex.Sqrt(variance + Epsilon)) + state[scale + Output.Channels + c];
            }
        }
        return y;
    }

    public override Complex[][] Pull(Complex[] state, Complex[][] inputs, Complex[] delta, Complex[] gradient)
    {
        Complex[] below = new Complex[Output.Size];
        for (int position = 0; position < Output.Positions; position++)
            Pull(state, inputs[0], delta, gradient, below, position);
        return [below];
    }

    private void Pull(Complex[] state, Complex[] x, Complex[] delta, Complex[] gradient, Complex[] below, int position)
    {
        int d = Output.Channels;
        (Complex mean, Complex variance) = Moments(x, position);
        Complex deviation = Complex.Sqrt(variance + Epsilon);
        Complex ofVariance = 0;
        Complex ofMean = 0;
        for (int c = 0; c < d; c++)
        {
            int i = (c * Output.Positions) + position;
            Complex normalized = (x[i] - mean) / deviation;
            gradient[scale + c] += delta[i] * normalized;
            gradient[scale + d + c] += delta[i];
            below[i] = delta[i] * state[scale + c] / deviation;
            ofVariance -= 0.5 * delta[i] * state[scale + c] * normalized / (deviation * deviation);
            ofMean -= delta[i] * state[scale + c] / deviation;
        }
        for (int c = 0; c < d; c++)
        {
            int i = (c * Output.Positions) + position;
            below[i] += (ofVariance * 2.0 * (x[i] - mean) / d) + (ofMean / d);
        }
    }

    private (Complex Mean, Complex Variance) Moments(Complex[] x, int position)
    {
        Complex[] group = [.. Enumerable.Range(0, Output.Channels).Select(c => x[(c * Output.Positions) + position])];
        Complex mean = group.Aggregate(Complex.Zero, static (sum, value) => sum + value) / group.Length;
        return (mean, group.Aggregate(Complex.Zero, (sum, value) => sum + ((value - mean) * (value - mean))) / group.Length);
    }
}
