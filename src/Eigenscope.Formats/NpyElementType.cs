namespace Eigenscope.Formats;

/// <summary>Element type of an NPY array.</summary>
public enum NpyElementType
{
    /// <summary>One byte, 0 or 1 (<c>|b1</c>).</summary>
    Boolean,

    /// <summary>Signed byte (<c>|i1</c>).</summary>
    Int8,

    /// <summary>Unsigned byte (<c>|u1</c>).</summary>
    UInt8,

    /// <summary>Signed 16-bit integer (<c>i2</c>).</summary>
    Int16,

    /// <summary>Unsigned 16-bit integer (<c>u2</c>).</summary>
    UInt16,

    /// <summary>Signed 32-bit integer (<c>i4</c>).</summary>
    Int32,

    /// <summary>Unsigned 32-bit integer (<c>u4</c>).</summary>
    UInt32,

    /// <summary>Signed 64-bit integer (<c>i8</c>).</summary>
    Int64,

    /// <summary>Unsigned 64-bit integer (<c>u8</c>).</summary>
    UInt64,

    /// <summary>16-bit float (<c>f2</c>).</summary>
    Float16,

    /// <summary>32-bit float (<c>f4</c>).</summary>
    Float32,

    /// <summary>64-bit float (<c>f8</c>).</summary>
    Float64,
}
