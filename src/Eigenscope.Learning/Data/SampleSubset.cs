using System.Numerics;

namespace Eigenscope.Learning.Data;

/// <summary>Some samples of another source, in a given order; consecutive ones are read at once.</summary>
internal sealed class SampleSubset(SampleSource source, int[] samples) : SampleSource(source.Name, samples.Length, source.SampleSize)
{
    /// <summary>Consecutive samples.</summary>
    public SampleSubset(SampleSource source, int first, int count)
        : this(source, [.. Enumerable.Range(first, count)])
    {
    }

    /// <summary>Number of consecutive samples, one or more, that scattered samples begin with.</summary>
    public static int RunLength(ReadOnlySpan<int> samples)
    {
        int length = 1;
        while (length < samples.Length && samples[length] == samples[0] + length)
            length++;
        return length;
    }

    protected override int ReadCore(int start, int count, Span<double> inputs, Span<int> labels) => Read(start, count, inputs, labels);

    protected override int ReadCore(int start, int count, Span<float> inputs, Span<int> labels) => Read(start, count, inputs, labels);

    private int Read<T>(int start, int count, Span<T> inputs, Span<int> labels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int done = 0, run; done < count; done += run)
        {
            run = RunLength(samples.AsSpan(start + done, count - done));
            source.ReadChecked(samples[start + done], run, inputs.Slice(done * SampleSize, run * SampleSize), labels.Slice(done, run), int.MaxValue);
        }
        return count;
    }
}
