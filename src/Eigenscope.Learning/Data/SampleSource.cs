using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Eigenscope.Learning.Data;

/// <summary>
/// N labelled samples of one size, read by range: from memory, from files, or made as they are asked for. Everything that is computed over a source walks it several times, in ranges of any length
/// and from several threads at once, and relies on the same answer each time: no shuffling, no augmentation.
/// Implement <see cref="ReadCore(int, int, Span{double}, Span{int})"/>; what it delivers is checked on every read.
/// </summary>
public abstract class SampleSource
{
    /// <summary>Creates a source.</summary>
    /// <param name="name">Short name, for messages and reports.</param>
    /// <param name="sampleCount">N ≥ 1.</param>
    /// <param name="sampleSize">Values in a sample, d ≥ 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is less than 1.</exception>
    protected SampleSource(string name, int sampleCount, int sampleSize)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleSize, 1);
        Name = name;
        SampleCount = sampleCount;
        SampleSize = sampleSize;
    }

    /// <summary>Short name, for messages and reports.</summary>
    public string Name { get; }

    /// <summary>Number of samples, N.</summary>
    public int SampleCount { get; }

    /// <summary>Values in a sample, d.</summary>
    public int SampleSize { get; }

    /// <summary>Reads consecutive samples. Safe to call from several threads at once.</summary>
    /// <param name="start">The first sample, from 0.</param>
    /// <param name="count">How many, ≥ 0; the range must lie in 0 … N − 1.</param>
    /// <param name="inputs">count × d values, row-major; overwritten.</param>
    /// <param name="labels">count classes; overwritten.</param>
    /// <exception cref="ArgumentException">The range is not in the source, or a span has another length.</exception>
    /// <exception cref="DataException">The source failed, delivered fewer samples, a negative label, or a value that is not finite; the message names the sample.</exception>
    public void Read(int start, int count, Span<double> inputs, Span<int> labels) => ReadChecked(start, count, inputs, labels, int.MaxValue);

    /// <summary>Reads consecutive samples in single precision. Safe to call from several threads at once.</summary>
    /// <param name="start">The first sample, from 0.</param>
    /// <param name="count">How many, ≥ 0; the range must lie in 0 … N − 1.</param>
    /// <param name="inputs">count × d values, row-major; overwritten.</param>
    /// <param name="labels">count classes; overwritten.</param>
    /// <exception cref="ArgumentException">The range is not in the source, or a span has another length.</exception>
    /// <exception cref="DataException">The source failed, delivered fewer samples, a negative label, or a value that is not finite; the message names the sample.</exception>
    public void Read(int start, int count, Span<float> inputs, Span<int> labels) => ReadChecked(start, count, inputs, labels, int.MaxValue);

    /// <summary>Reads, or throws what is wrong.</summary>
    internal void ReadChecked<T>(int start, int count, Span<T> inputs, Span<int> labels, int classes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (TryRead(start, count, inputs, labels, classes) is { } defect)
            throw new DataException(Name, defect.Problem, defect.InnerException);
    }

    /// <summary>Reads, or says what is wrong with what came; labels must be below <paramref name="classes"/>.</summary>
    internal SampleDefect? TryRead<T>(int start, int count, Span<T> inputs, Span<int> labels, int classes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireRange(start, count, inputs.Length, labels.Length);
        if (count == 0)
            return null;
        int delivered;
        try
        {
            delivered = typeof(T) == typeof(double)
                ? ReadCore(start, count, MemoryMarshal.Cast<T, double>(inputs), labels)
                : ReadCore(start, count, MemoryMarshal.Cast<T, float>(inputs), labels);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return new SampleDefect(SampleDefectKind.Failed, $"reading samples {start} … {start + count - 1} failed: {failure.Message}", failure);
        }
        return delivered == count ? FindDefect(start, inputs, labels, classes) : TooFew(start, count, delivered);
    }

    /// <summary>Reads consecutive samples; called from several threads at once, with ranges of any length.</summary>
    /// <param name="start">The first sample; the range lies in 0 … N − 1.</param>
    /// <param name="count">How many, ≥ 1.</param>
    /// <param name="inputs">Exactly count × d values to overwrite, row-major.</param>
    /// <param name="labels">Exactly count classes to overwrite.</param>
    /// <returns>How many samples were delivered: <paramref name="count"/>, or the read counts as failed.</returns>
    protected abstract int ReadCore(int start, int count, Span<double> inputs, Span<int> labels);

    /// <summary>The same in single precision. By default it rounds what the other delivers; override it where single precision can be had directly.</summary>
    /// <param name="start">The first sample; the range lies in 0 … N − 1.</param>
    /// <param name="count">How many, ≥ 1.</param>
    /// <param name="inputs">Exactly count × d values to overwrite, row-major.</param>
    /// <param name="labels">Exactly count classes to overwrite.</param>
    /// <returns>How many samples were delivered: <paramref name="count"/>, or the read counts as failed.</returns>
    protected virtual int ReadCore(int start, int count, Span<float> inputs, Span<int> labels)
    {
        double[] buffer = ArrayPool<double>.Shared.Rent(inputs.Length);
        try
        {
            Span<double> values = buffer.AsSpan(0, inputs.Length);
            int delivered = ReadCore(start, count, values, labels);
            TensorPrimitives.ConvertTruncating<double, float>(values, inputs);
            return delivered;
        }
        finally
        {
            ArrayPool<double>.Shared.Return(buffer);
        }
    }

    private void RequireRange(int start, int count, int inputs, int labels)
    {
        if (start < 0 || count < 0 || start > SampleCount - count)
            throw new ArgumentOutOfRangeException(nameof(start), $"samples {start} … {(long)start + count - 1} were asked of {SampleCount}, numbered from 0");
        if (inputs != (long)count * SampleSize)
            throw new ArgumentException($"expected room for {count} × {SampleSize} values, got {inputs}", nameof(inputs));
        if (labels != count)
            throw new ArgumentException($"expected room for {count} labels, got {labels}", nameof(labels));
    }

    private static SampleDefect TooFew(int start, int count, int delivered) => new(
        SampleDefectKind.TooFew,
        $"{delivered} samples came where {count} were asked for ({start} … {start + count - 1}); a source delivers every range in 0 … N − 1 whole, the shorter last one included: correct its count of samples or its last batch");

    private SampleDefect? FindDefect<T>(int start, ReadOnlySpan<T> inputs, ReadOnlySpan<int> labels, int classes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)classes)
                return new SampleDefect(SampleDefectKind.LabelOutOfRange, $"sample {start + i} has label {labels[i]}, expected a class in {(classes == int.MaxValue ? "0, 1, …" : $"0 … {classes - 1}")}");
        }
        if (inputs.IsEmpty || T.IsFinite(TensorPrimitives.MaxMagnitude(inputs)))
            return null;
        int bad = 0;
        while (T.IsFinite(inputs[bad]))
            bad++;
        return new SampleDefect(SampleDefectKind.NonFinite, $"sample {start + (bad / SampleSize)} has {NonFinite(inputs[bad])} at coordinate {bad % SampleSize}, expected finite numbers: mend or leave out that sample");
    }

    private static string NonFinite<T>(T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        T.IsNaN(value) ? "NaN" : T.IsPositive(value) ? "+Infinity" : "-Infinity";
}
