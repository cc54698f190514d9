using System.Numerics;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Data;

/// <summary>
/// Samples in an array. Objectives in the array's precision view it without copying. The first one in single precision over an array of doubles makes a single-precision copy,
/// which all others over the same source share.
/// </summary>
public sealed class InMemorySource : SampleSource
{
    private readonly Tensor<double>? _double;
    private readonly int[] _labels;
    private readonly Lock _conversion = new();
    private Tensor<float>? _single;

    /// <summary>Creates a source of samples in double precision.</summary>
    /// <param name="name">Short name, for messages and reports.</param>
    /// <param name="inputs">N × (sample shape), N ≥ 1; kept, not copied.</param>
    /// <param name="labels">N classes; kept, not copied.</param>
    /// <exception cref="ArgumentException">No samples, or another number of labels.</exception>
    public InMemorySource(string name, Tensor<double> inputs, int[] labels)
        : base(name, RowsOf(inputs, labels), inputs.Columns)
    {
        _double = inputs;
        _labels = labels;
    }

    /// <summary>Creates a source of samples in single precision: half the memory, where computing is in single precision too.</summary>
    /// <param name="name">Short name, for messages and reports.</param>
    /// <param name="inputs">N × (sample shape), N ≥ 1; kept, not copied.</param>
    /// <param name="labels">N classes; kept, not copied.</param>
    /// <exception cref="ArgumentException">No samples, or another number of labels.</exception>
    public InMemorySource(string name, Tensor<float> inputs, int[] labels)
        : base(name, RowsOf(inputs, labels), inputs.Columns)
    {
        _single = inputs;
        _labels = labels;
    }

    internal int[] Labels => _labels;

    /// <summary>The array in a precision; null where only the other, shorter one is kept.</summary>
    internal T[]? Storage<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(double) ? _double?.Storage as T[] : Single().Storage as T[];

    /// <inheritdoc/>
    protected override int ReadCore(int start, int count, Span<double> inputs, Span<int> labels)
    {
        _labels.AsSpan(start, count).CopyTo(labels);
        if (_double is { } values)
            Rows(values, start, count).CopyTo(inputs);
        else
            TensorPrimitives.ConvertTruncating<float, double>(Rows(Single(), start, count), inputs);
        return count;
    }

    /// <inheritdoc/>
    protected override int ReadCore(int start, int count, Span<float> inputs, Span<int> labels)
    {
        _labels.AsSpan(start, count).CopyTo(labels);
        Rows(Single(), start, count).CopyTo(inputs);
        return count;
    }

    private static int RowsOf<T>(Tensor<T> inputs, int[] labels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(labels);
        if (inputs.Rows < 1 || inputs.Columns < 1)
            throw new ArgumentException($"expected at least one sample of at least one value, got {inputs.Rows} of {inputs.Columns}", nameof(inputs));
        return labels.Length == inputs.Rows
            ? inputs.Rows
            : throw new ArgumentException($"expected one label for each of the {inputs.Rows} samples, got {labels.Length}", nameof(labels));
    }

    private static ReadOnlySpan<T> Rows<T>(Tensor<T> values, int start, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        values.Span.Slice(start * values.Columns, count * values.Columns);

    private Tensor<float> Single()
    {
        lock (_conversion)
            return _single ??= _double!.Convert<float>();
    }
}
