using Eigenscope.Learning.Data;

namespace Eigenscope.Learning.Tests.Data;

/// <summary>Delivers what a test says; it also knows the pass over the data in which a read falls, counting the samples read so far.</summary>
internal sealed class DelegateSource(int samples, int size, DelegateSource.Delivery deliver) : SampleSource("test source", samples, size)
{
    private long _read;

    public delegate int Delivery(int pass, int start, int count, Span<double> inputs, Span<int> labels);

    protected override int ReadCore(int start, int count, Span<double> inputs, Span<int> labels)
    {
        int pass = (int)((Interlocked.Add(ref _read, count) - count) / SampleCount);
        return deliver(pass, start, count, inputs, labels);
    }
}
