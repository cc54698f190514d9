namespace Eigenscope.Formats.Safetensors;

/// <summary>A named tensor of a safetensors file: row-major entries of one type, kept as their little-endian bytes.</summary>
public sealed class SafetensorsTensor
{
    private readonly int[] _shape;

    internal SafetensorsTensor(string name, SafetensorsElement element, int[] shape, byte[] bytes)
    {
        Name = name;
        Element = element;
        _shape = shape;
        Bytes = bytes;
    }

    /// <summary>Name.</summary>
    public string Name { get; }

    /// <summary>Type of the entries.</summary>
    public SafetensorsElement Element { get; }

    /// <summary>Extent of every axis; none for a scalar.</summary>
    public IReadOnlyList<int> Shape => _shape;

    /// <summary>Number of entries: the product of the extents.</summary>
    public int Length => Bytes.Length / NumberBytes.Size(SafetensorsElements.Number(Element));

    /// <summary>Whether the entries are whole numbers or truth values.</summary>
    public bool IsInteger => !NumberBytes.IsFloat(SafetensorsElements.Number(Element));

    internal byte[] Bytes { get; }

    /// <summary>A tensor of floats.</summary>
    /// <param name="name">Name.</param>
    /// <param name="shape">Extent of every axis.</param>
    /// <param name="values">Row-major entries; in single precision they are rounded to nearest.</param>
    /// <param name="element"><see cref="SafetensorsElement.Float32"/> or <see cref="SafetensorsElement.Float64"/>.</param>
    /// <returns>The tensor, with entries of its own.</returns>
    /// <exception cref="ArgumentException">The shape does not hold exactly the entries, or the type is another.</exception>
    public static SafetensorsTensor FromDoubles(string name, IReadOnlyList<int> shape, ReadOnlySpan<double> values, SafetensorsElement element = SafetensorsElement.Float32)
    {
        int[] extents = Checked(name, shape, values.Length);
        return element switch
        {
            SafetensorsElement.Float32 => new(name, element, extents, NumberBytes.Of<double, float>(values)),
            SafetensorsElement.Float64 => new(name, element, extents, NumberBytes.Of<double, double>(values)),
            _ => throw new ArgumentException($"expected Float32 or Float64, got {element}", nameof(element)),
        };
    }

    /// <summary>A tensor of 64-bit integers.</summary>
    /// <param name="name">Name.</param>
    /// <param name="shape">Extent of every axis.</param>
    /// <param name="values">Row-major entries.</param>
    /// <returns>The tensor, with entries of its own.</returns>
    /// <exception cref="ArgumentException">The shape does not hold exactly the entries.</exception>
    public static SafetensorsTensor FromIntegers(string name, IReadOnlyList<int> shape, ReadOnlySpan<long> values) =>
        new(name, SafetensorsElement.Int64, Checked(name, shape, values.Length), NumberBytes.Of<long, long>(values));

    /// <summary>The entries as doubles: exact, except for 64-bit integers beyond ±2⁵³, which are rounded.</summary>
    /// <returns>A new array.</returns>
    public double[] ToDoubles() => NumberBytes.ToDoubles(SafetensorsElements.Number(Element), Bytes);

    /// <summary>The entries as integers, exactly; truth values are 0 and 1.</summary>
    /// <returns>A new array.</returns>
    /// <exception cref="InvalidOperationException">The entries are floats.</exception>
    /// <exception cref="OverflowException">An unsigned entry exceeds 2⁶³ − 1.</exception>
    public long[] ToIntegers() => IsInteger
        ? NumberBytes.ToIntegers(SafetensorsElements.Number(Element), Bytes)
        : throw new InvalidOperationException($"expected whole numbers in tensor {ErrorText.Quote(Name)}, got {Element}");

    private static int[] Checked(string name, IReadOnlyList<int> shape, int length)
    {
        ArgumentNullException.ThrowIfNull(name);
        return EntryBytes.CheckedShape(name, shape, length);
    }
}
