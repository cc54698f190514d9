namespace Eigenscope.Formats.Onnx;

/// <summary>The codes of element types in files (TensorProto.DataType), and how the numbers among them are laid out.</summary>
internal static class OnnxElements
{
    private static readonly (int Code, OnnxElement Element, NumberType? Number)[] Known =
    [
        (1, OnnxElement.Float32, NumberType.Float32),
        (2, OnnxElement.UInt8, NumberType.UInt8),
        (3, OnnxElement.Int8, NumberType.Int8),
        (4, OnnxElement.UInt16, NumberType.UInt16),
        (5, OnnxElement.Int16, NumberType.Int16),
        (6, OnnxElement.Int32, NumberType.Int32),
        (7, OnnxElement.Int64, NumberType.Int64),
        (8, OnnxElement.Text, null),
        (9, OnnxElement.Boolean, NumberType.Boolean),
        (10, OnnxElement.Float16, NumberType.Float16),
        (11, OnnxElement.Float64, NumberType.Float64),
        (12, OnnxElement.UInt32, NumberType.UInt32),
        (13, OnnxElement.UInt64, NumberType.UInt64),
        (16, OnnxElement.BFloat16, NumberType.BFloat16),
    ];

    public static OnnxElement Element(int code) => Array.Find(Known, known => known.Code == code).Element;

    /// <summary>The code in files; 0 for what is not written.</summary>
    public static int Code(OnnxElement element) => Array.Find(Known, known => known.Element == element).Code;

    /// <summary>The layout, or null where the entries are no numbers that are read here.</summary>
    public static NumberType? Number(OnnxElement element) => Array.Find(Known, known => known.Element == element).Number;
}
