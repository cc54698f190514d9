namespace Eigenscope.Formats;

/// <summary>Element type of an IDX file; the values are the format's own codes (third byte of the magic number).</summary>
public enum IdxElementType
{
    /// <summary>Unsigned byte.</summary>
    UInt8 = 0x08,

    /// <summary>Signed byte.</summary>
    Int8 = 0x09,

    /// <summary>Signed 16-bit integer.</summary>
    Int16 = 0x0b,

    /// <summary>Signed 32-bit integer.</summary>
    Int32 = 0x0c,

    /// <summary>32-bit float.</summary>
    Float32 = 0x0d,

    /// <summary>64-bit float.</summary>
    Float64 = 0x0e,
}
