using System.Collections;

namespace Eigenscope.Learning.Derivatives;

/// <summary>The weight of each sample in the loss: those given, or 1/N each without storing them.</summary>
internal sealed class SampleWeighting : IReadOnlyList<double>
{
    private readonly double[] _weights;
    private readonly double _uniform;

    public SampleWeighting(IReadOnlyList<double>? weights, int sampleCount)
    {
        _weights = weights is null ? [] : [.. weights];
        _uniform = 1.0 / sampleCount;
        Count = sampleCount;
    }

    public int Count { get; }

    public double this[int sample] => _weights.Length > 0 ? _weights[sample] : _uniform;

    public void CopyTo(int start, Span<double> destination)
    {
        if (_weights.Length > 0)
            _weights.AsSpan(start, destination.Length).CopyTo(destination);
        else
            destination.Fill(_uniform);
    }

    public IEnumerator<double> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
