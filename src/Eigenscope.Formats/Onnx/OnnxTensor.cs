namespace Eigenscope.Formats.Onnx;

/// <summary>A tensor of an ONNX file: row-major entries of one type, kept as their little-endian bytes whichever of the format's fields they were in.</summary>
public sealed class OnnxTensor
{
    private readonly int[] _shape;

    internal OnnxTensor(string name, OnnxElement element, int[] shape, ReadOnlyMemory<byte> bytes)
    {
        Name = name;
        Element = element;
        _shape = shape;
        Length = (int)EntryBytes.Count(shape);
        Bytes = bytes;
    }

    /// <summary>Name; empty for the tensor of an attribute.</summary>
    public string Name { get; }

    /// <summary>Type of the entries.</summary>
    public OnnxElement Element { get; }

    /// <summary>Extent of every axis; none for a scalar.</summary>
    public IReadOnlyList<int> Shape => _shape;

    /// <summary>Number of entries: the product of the extents.</summary>
    public int Length { get; }

    /// <summary>Whether the entries are whole numbers or truth values.</summary>
    public bool IsInteger => OnnxElements.Number(Element) is { } number && !NumberBytes.IsFloat(number);

    internal ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>A tensor of floats.</summary>
    /// <param name="name">Name; empty for the tensor of an attribute.</param>
    /// <param name="shape">Extent of every axis.</param>
    /// <param name="values">Row-major entries; in single precision they are rounded to nearest.</param>
    /// <param name="element"><see cref="OnnxElement.Float32"/> or <see cref="OnnxElement.Float64"/>.</param>
    /// <returns>The tensor, with entries of its own.</returns>
    /// <exception cref="ArgumentException">The shape does not hold exactly the entries, or the type is another.</exception>
    public static OnnxTensor FromDoubles(string name, IReadOnlyList<int> shape, ReadOnlySpan<double> values, OnnxElement element = OnnxElement.Float32)
    {
        int[] extents = Checked(name, shape, values.Length);
        return element switch
        {
            OnnxElement.Float32 => new(name, element, extents, NumberBytes.Of<double, float>(values)),
            OnnxElement.Float64 => new(name, element, extents, NumberBytes.Of<double, double>(values)),
            _ => throw new ArgumentException($"expected Float32 or Float64, got {element}", nameof(element)),
        };
    }

    /// <summary>A tensor of 64-bit integers.</summary>
    /// <param name="name">Name; empty for the tensor of an attribute.</param>
    /// <param name="shape">Extent of every axis.</param>
    /// <param name="values">Row-major entries.</param>
    /// <returns>The tensor, with entries of its own.</returns>
    /// <exception cref="ArgumentException">The shape does not hold exactly the entries.</exception>
    public static OnnxTensor FromIntegers(string name, IReadOnlyList<int> shape, ReadOnlySpan<long> values) =>
        new(name, OnnxElement.Int64, Checked(name, shape, values.Length), NumberBytes.Of<long, long>(values));

    /// <summary>The entries as doubles: exact, except for 64-bit integers beyond ±2⁵³, which are rounded.</summary>
    /// <returns>A new array.</returns>
    /// <exception cref="InvalidOperationException">The entries are text or of a type that is not read.</exception>
    public double[] ToDoubles() => NumberBytes.ToDoubles(Number(), Bytes.Span);

    /// <summary>The entries as integers, exactly; truth values are 0 and 1.</summary>
    /// <returns>A new array.</returns>
    /// <exception cref="InvalidOperationException">The entries are floats or text, or of a type that is not read.</exception>
    /// <exception cref="OverflowException">An unsigned entry exceeds 2⁶³ − 1.</exception>
    public long[] ToIntegers() =>
        IsInteger ? NumberBytes.ToIntegers(Number(), Bytes.Span) : throw new InvalidOperationException($"expected whole numbers in tensor {ErrorText.Quote(Name)}, got {Element}");

    private NumberType Number() => OnnxElements.Number(Element) ?? throw new InvalidOperationException($"expected numbers in tensor {ErrorText.Quote(Name)}, got {Element}");

    private static int[] Checked(string name, IReadOnlyList<int> shape, int length)
    {
        ArgumentNullException.ThrowIfNull(name);
        return EntryBytes.CheckedShape(name, shape, length);
    }
}
