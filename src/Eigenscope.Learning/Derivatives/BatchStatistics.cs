using System.Numerics;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Derivatives;

/// <summary>
/// One batch normalisation in a training step, over a batch that lies in parts: each part sums over its own samples, the sums are combined in double in the order of the parts (Chan, Golub and LeVeque 1979),
/// then each part is normalised. The pullback is exact: with m entries to a channel, x̂ the normalised input and a = γ / √(v + ε),
/// δx = a (δy − Σ δy / m − x̂ Σ δy x̂ / m).
/// </summary>
internal sealed class BatchStatistics<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly BatchNormLayer _layer;
    private readonly int _channels;
    private readonly Sums[] _parts;
    private readonly double[] _roots;
    private readonly double[] _cotangents;
    private readonly double[] _correlations;
    private readonly T[] _mean;
    private readonly T[] _scale;
    private readonly T[] _slope;
    private readonly T[] _shift;
    private double _entries;

    public BatchStatistics(BatchNormLayer layer, int parts)
    {
        _layer = layer;
        _channels = layer.Channels;
        _parts = [.. Enumerable.Range(0, parts).Select(_ => new Sums(layer.TileLength))];
        _roots = new double[_channels];
        _cotangents = new double[_channels];
        _correlations = new double[_channels];
        _mean = new T[layer.TileLength];
        _scale = new T[layer.TileLength];
        _slope = new T[layer.TileLength];
        _shift = new T[layer.TileLength];
    }

    /// <summary>A part's share of the mean and the variance, taken about its first position so that no digits cancel.</summary>
    public void CollectMoments(int part, ReadOnlySpan<T> x)
    {
        Sums sums = _parts[part];
        x[.._channels].CopyTo(sums.Origin);
        ChannelLoops.Repeat<T>(sums.Origin, _channels);
        ChannelLoops.Moments(x, sums.Origin, _channels, sums.First, sums.Second);
        sums.Entries = x.Length / _channels;
    }

    /// <summary>Combines the parts' moments, and moves the running statistics in <paramref name="state"/> unless it is empty.</summary>
    public void CombineMoments(int parts, ReadOnlySpan<T> parameters, Span<double> state)
    {
        ReadOnlySpan<T> scale = parameters.Slice(_layer.Scale.Offset, _channels);
        for (int c = 0; c < _channels; c++)
        {
            (double mean, double squares) = Moments(parts, c);
            _roots[c] = 1.0 / Math.Sqrt((squares / _entries) + _layer.Epsilon);
            _mean[c] = T.CreateTruncating(mean);
            _slope[c] = T.CreateTruncating(double.CreateTruncating(scale[c]) * _roots[c]);
            if (state.IsEmpty)
                continue;
            Move(ref state[_layer.RunningMean.Offset + c], mean);
            Move(ref state[_layer.RunningVariance.Offset + c], squares / (_entries - 1.0));
        }
        parameters.Slice(_layer.Shift.Offset, _channels).CopyTo(_shift);
        ChannelLoops.Repeat<T>(_mean, _channels);
        ChannelLoops.Repeat<T>(_slope, _channels);
        ChannelLoops.Repeat<T>(_shift, _channels);
    }

    /// <summary>y ← γ (x − μ) / √(v + ε) + β with the batch's μ and v.</summary>
    public void Value(ReadOnlySpan<T> x, Span<T> y) => ChannelLoops.Affine(x, _mean, _slope, _shift, y);

    /// <summary>A part's share of Σ δy and Σ δy (x − μ).</summary>
    public void CollectCotangents(int part, ReadOnlySpan<T> outputCotangent, ReadOnlySpan<T> x) =>
        ChannelLoops.Correlate(outputCotangent, x, _mean, _channels, _parts[part].First, _parts[part].Second);

    /// <summary>Combines the parts' sums; the gradients of γ and β are known after it.</summary>
    public void CombineCotangents(int parts, ReadOnlySpan<T> parameters)
    {
        ReadOnlySpan<T> scale = parameters.Slice(_layer.Scale.Offset, _channels);
        for (int c = 0; c < _channels; c++)
        {
            double cotangents = 0.0;
            double products = 0.0;
            for (int part = 0; part < parts; part++)
            {
                cotangents += _parts[part].First[c];
                products += _parts[part].Second[c];
            }
            double slope = double.CreateTruncating(scale[c]) * _roots[c];
            _cotangents[c] = cotangents;
            _correlations[c] = products * _roots[c];
            _scale[c] = T.CreateTruncating(slope);
            _slope[c] = T.CreateTruncating(-slope * _roots[c] * _correlations[c] / _entries);
            _shift[c] = T.CreateTruncating(-slope * cotangents / _entries);
        }
        ChannelLoops.Repeat<T>(_scale, _channels);
        ChannelLoops.Repeat<T>(_slope, _channels);
        ChannelLoops.Repeat<T>(_shift, _channels);
    }

    public void Pullback(ReadOnlySpan<T> outputCotangent, ReadOnlySpan<T> x, Span<T> inputCotangent) =>
        ChannelLoops.Combine(outputCotangent, x, _scale, _mean, _slope, _shift, inputCotangent);

    /// <summary>Writes the gradients of γ and β into their places.</summary>
    public void WriteGradient(Span<double> gradient)
    {
        _correlations.CopyTo(gradient[_layer.Scale.Offset..]);
        _cotangents.CopyTo(gradient[_layer.Shift.Offset..]);
    }

    private static void Move(ref double running, double batch) =>
        running = ((1.0 - BatchNormLayer.Momentum) * running) + (BatchNormLayer.Momentum * batch);

    private (double Mean, double Squares) Moments(int parts, int channel)
    {
        double entries = 0.0;
        double mean = 0.0;
        double squares = 0.0;
        for (int part = 0; part < parts; part++)
        {
            Sums sums = _parts[part];
            double total = entries + sums.Entries;
            double difference = double.CreateTruncating(sums.Origin[channel]) + (sums.First[channel] / sums.Entries) - mean;
            mean += difference * sums.Entries / total;
            squares += sums.Second[channel] - (sums.First[channel] * sums.First[channel] / sums.Entries) + (difference * difference * entries * sums.Entries / total);
            entries = total;
        }
        _entries = entries;
        return (mean, Math.Max(0.0, squares));
    }

    private sealed class Sums(int tile)
    {
        public T[] Origin { get; } = new T[tile];

        public double[] First { get; } = new double[tile];

        public double[] Second { get; } = new double[tile];

        public double Entries { get; set; }
    }
}
