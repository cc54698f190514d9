namespace Eigenscope.Formats.Safetensors;

/// <summary>The names of element types in files, and how their numbers are laid out.</summary>
internal static class SafetensorsElements
{
    private static readonly (string Name, SafetensorsElement Element, NumberType Number)[] Known =
    [
        ("F64", SafetensorsElement.Float64, NumberType.Float64),
        ("F32", SafetensorsElement.Float32, NumberType.Float32),
        ("F16", SafetensorsElement.Float16, NumberType.Float16),
        ("BF16", SafetensorsElement.BFloat16, NumberType.BFloat16),
        ("I8", SafetensorsElement.Int8, NumberType.Int8),
        ("I16", SafetensorsElement.Int16, NumberType.Int16),
        ("I32", SafetensorsElement.Int32, NumberType.Int32),
        ("I64", SafetensorsElement.Int64, NumberType.Int64),
        ("U8", SafetensorsElement.UInt8, NumberType.UInt8),
        ("U16", SafetensorsElement.UInt16, NumberType.UInt16),
        ("U32", SafetensorsElement.UInt32, NumberType.UInt32),
        ("U64", SafetensorsElement.UInt64, NumberType.UInt64),
        ("BOOL", SafetensorsElement.Boolean, NumberType.Boolean),
    ];

    public static SafetensorsElement? Element(string name)
    {
        int at = Array.FindIndex(Known, known => string.Equals(known.Name, name, StringComparison.Ordinal));
        return at < 0 ? null : Known[at].Element;
    }

    public static string Name(SafetensorsElement element) => Array.Find(Known, known => known.Element == element).Name;

    public static NumberType Number(SafetensorsElement element) => Array.Find(Known, known => known.Element == element).Number;
}
