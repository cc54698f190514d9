using System.Numerics;
using Eigenscope.Learning.Data;

namespace Eigenscope.Learning.Derivatives;

/// <summary>Brings samples from their source into slices. Safe for use from several threads at once, each with its own slice.</summary>
internal abstract class SampleFeed<T>(SampleWeighting weights)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether slices view the source's own memory; otherwise each holds its inputs itself.</summary>
    public abstract bool IsResident { get; }

    /// <summary>The feed of a source: views where it holds an array in this precision, reads otherwise.</summary>
    public static SampleFeed<T> Create(SampleSource source, SampleWeighting weights, int classes) =>
        source is InMemorySource memory && memory.Storage<T>() is { } inputs
            ? new ResidentFeed<T>(inputs, memory.SampleSize, memory.Labels, weights)
            : new StreamingFeed<T>(source, weights, classes);

    /// <summary>Loads consecutive samples.</summary>
    public void Load(SliceState<T> slice, int start, int count)
    {
        LoadInputs(slice, start, count);
        weights.CopyTo(start, slice.Weights);
    }

    /// <summary>Copies scattered samples into <paramref name="buffer"/> and loads them; every weight is multiplied by <paramref name="factor"/>.</summary>
    public void Gather(SliceState<T> slice, ReadOnlySpan<int> samples, double factor, T[] buffer)
    {
        slice.View(buffer, 0, samples.Length);
        Span<T> inputs = slice.Value(0).Data;
        int size = inputs.Length / samples.Length;
        for (int first = 0, count; first < samples.Length; first += count)
        {
            count = SampleSubset.RunLength(samples[first..]);
            Read(samples[first], count, inputs.Slice(first * size, count * size), slice.Labels.Slice(first, count));
        }
        for (int i = 0; i < samples.Length; i++)
            slice.Weights[i] = factor * weights[samples[i]];
    }

    protected abstract void LoadInputs(SliceState<T> slice, int start, int count);

    protected abstract void Read(int start, int count, Span<T> inputs, Span<int> labels);
}

/// <summary>Samples in an array of the right precision.</summary>
internal sealed class ResidentFeed<T>(T[] inputs, int size, int[] labels, SampleWeighting weights) : SampleFeed<T>(weights)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override bool IsResident => true;

    protected override void LoadInputs(SliceState<T> slice, int start, int count)
    {
        slice.View(inputs, start * size, count);
        labels.AsSpan(start, count).CopyTo(slice.Labels);
    }

    protected override void Read(int start, int count, Span<T> destination, Span<int> classes)
    {
        inputs.AsSpan(start * size, count * size).CopyTo(destination);
        labels.AsSpan(start, count).CopyTo(classes);
    }
}

/// <summary>Samples read, and checked, as they are needed.</summary>
internal sealed class StreamingFeed<T>(SampleSource source, SampleWeighting weights, int classes) : SampleFeed<T>(weights)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override bool IsResident => false;

    protected override void LoadInputs(SliceState<T> slice, int start, int count) => Read(start, count, slice.Own(count), slice.Labels);

    protected override void Read(int start, int count, Span<T> inputs, Span<int> labels) => source.ReadChecked(start, count, inputs, labels, classes);
}
