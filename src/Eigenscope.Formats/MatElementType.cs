namespace Eigenscope.Formats;

/// <summary>How the entries of a numeric array lie in a MAT-file; the numbers are the format's own.</summary>
public enum MatElementType
{
    /// <summary>Signed 8-bit integers.</summary>
    Int8 = 1,

    /// <summary>Unsigned 8-bit integers.</summary>
    UInt8 = 2,

    /// <summary>Signed 16-bit integers.</summary>
    Int16 = 3,

    /// <summary>Unsigned 16-bit integers.</summary>
    UInt16 = 4,

    /// <summary>Signed 32-bit integers.</summary>
    Int32 = 5,

    /// <summary>Unsigned 32-bit integers.</summary>
    UInt32 = 6,

    /// <summary>IEEE single precision.</summary>
    Float32 = 7,

    /// <summary>IEEE double precision.</summary>
    Float64 = 9,

    /// <summary>Signed 64-bit integers.</summary>
    Int64 = 12,

    /// <summary>Unsigned 64-bit integers.</summary>
    UInt64 = 13,
}
