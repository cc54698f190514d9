namespace Eigenscope.Formats.Onnx;

/// <summary>Type of the entries of a tensor.</summary>
public enum OnnxElement
{
    /// <summary>Nothing that is read here: complex numbers, 8-bit floats, 4-bit integers, no type at all. The entries are not kept.</summary>
    Unsupported,

    /// <summary>IEEE single precision.</summary>
    Float32,

    /// <summary>IEEE double precision.</summary>
    Float64,

    /// <summary>IEEE half precision.</summary>
    Float16,

    /// <summary>The upper half of a single-precision number.</summary>
    BFloat16,

    /// <summary>Signed, 8 bits.</summary>
    Int8,

    /// <summary>Signed, 16 bits.</summary>
    Int16,

    /// <summary>Signed, 32 bits.</summary>
    Int32,

    /// <summary>Signed, 64 bits.</summary>
    Int64,

    /// <summary>Unsigned, 8 bits.</summary>
    UInt8,

    /// <summary>Unsigned, 16 bits.</summary>
    UInt16,

    /// <summary>Unsigned, 32 bits.</summary>
    UInt32,

    /// <summary>Unsigned, 64 bits.</summary>
    UInt64,

    /// <summary>Truth values, one byte each.</summary>
    Boolean,

    /// <summary>Text. The entries are not kept.</summary>
    Text,
}
