namespace Eigenscope.Formats;

/// <summary>How numbers are laid out in the little-endian bytes of a tensor.</summary>
internal enum NumberType
{
    Float64,
    Float32,
    Float16,
    BFloat16,
    Int8,
    Int16,
    Int32,
    Int64,
    UInt8,
    UInt16,
    UInt32,
    UInt64,
    Boolean,
}
