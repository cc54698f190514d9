using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Eigenscope.Formats;

/// <summary>Header of an NPY file: magic number, version, and a Python dictionary of type, order and shape (NumPy enhancement proposal 1).</summary>
internal sealed record NpyHeader(NpyElementType ElementType, bool BigEndian, bool FortranOrder, int[] Shape)
{
    private const int Alignment = 64;
    private const int LargestHeaderBytes = 1 << 20;
    private const int MostAxes = 64; // NumPy's own limit. A header has room for 100,000 axes of extent 1, which reordering entries would walk through for each of them.

    private static readonly (string Code, NpyElementType Type, int Size)[] Types =
    [
        ("b1", NpyElementType.Boolean, 1), ("i1", NpyElementType.Int8, 1), ("u1", NpyElementType.UInt8, 1),
        ("i2", NpyElementType.Int16, 2), ("u2", NpyElementType.UInt16, 2), ("i4", NpyElementType.Int32, 4), ("u4", NpyElementType.UInt32, 4),
        ("i8", NpyElementType.Int64, 8), ("u8", NpyElementType.UInt64, 8),
        ("f2", NpyElementType.Float16, 2), ("f4", NpyElementType.Float32, 4), ("f8", NpyElementType.Float64, 8),
    ];

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    public int EntrySize => Array.Find(Types, entry => entry.Type == ElementType).Size;

    public static NpyHeader Read(ContentStream content)
    {
        Span<byte> start = stackalloc byte[8];
        content.BeginSection("NPY magic number and version", start.Length);
        content.ReadExactly(start);
        if (!start[..6].SequenceEqual(Magic))
            throw content.Error("an NPY file (first bytes 93 'NUMPY')", Convert.ToHexStringLower(start));
        if (start[6] is < 1 or > 3)
            throw content.Error("NPY version 1, 2 or 3", start[6].ToString(CultureInfo.InvariantCulture));
        Span<byte> length = stackalloc byte[start[6] == 1 ? 2 : 4];
        content.BeginSection("header length", length.Length);
        content.ReadExactly(length);
        long bytes = length.Length == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(length) : BinaryPrimitives.ReadUInt32LittleEndian(length);
        if (bytes > LargestHeaderBytes)
            throw content.Error($"a header of at most {LargestHeaderBytes} bytes", bytes.ToString(CultureInfo.InvariantCulture));
        byte[] text = new byte[bytes];
        content.BeginSection("header", bytes);
        content.ReadExactly(text);
        return Parse(Encoding.UTF8.GetString(text), content);
    }

    /// <summary>The bytes that NumPy itself would write for a C-ordered little-endian array, padded so that the entries begin at a multiple of 64.</summary>
    public byte[] ToBytes()
    {
        string code = (EntrySize == 1 ? "|" : "<") + Array.Find(Types, entry => entry.Type == ElementType).Code;
        string extents = string.Join(", ", Shape.Select(extent => extent.ToString(CultureInfo.InvariantCulture)));
        string shape = Shape.Length == 1 ? $"({extents},)" : $"({extents})";
        string text = $"{{'descr': '{code}', 'fortran_order': False, 'shape': {shape}, }}";
        int unpadded = 10 + text.Length + 1;
        int total = (unpadded + Alignment - 1) / Alignment * Alignment;
        byte[] bytes = new byte[total];
        Magic.CopyTo(bytes);
        bytes[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)(total - 10));
        Encoding.ASCII.GetBytes(text.PadRight(total - 11) + '\n').CopyTo(bytes, 10);
        return bytes;
    }

    private static NpyHeader Parse(string text, ContentStream content)
    {
        string descriptor = Value(text, "descr", content).Trim('\'', '"');
        string order = Value(text, "fortran_order", content);
        if (order is not ("True" or "False"))
            throw content.Error("fortran_order True or False in the NPY header", order);
        string code = descriptor.Length > 1 && "<>|=".Contains(descriptor[0], StringComparison.Ordinal) ? descriptor[1..] : descriptor;
        int known = Array.FindIndex(Types, entry => string.Equals(entry.Code, code, StringComparison.Ordinal));
        if (known < 0)
            throw content.Error("a numeric element type (b1, i1–i8, u1–u8, f2–f8)", $"'{descriptor}'");
        bool isBig = descriptor[0] == '>' || (descriptor[0] == '=' && !BitConverter.IsLittleEndian);
        return new NpyHeader(Types[known].Type, isBig, string.Equals(order, "True", StringComparison.Ordinal), ParseShape(Value(text, "shape", content), content));
    }

    /// <summary>The text between a key's colon and the next comma outside brackets.</summary>
    private static string Value(string text, string key, ContentStream content)
    {
        int at = text.IndexOf($"'{key}'", StringComparison.Ordinal);
        int colon = at < 0 ? -1 : text.IndexOf(':', at);
        if (colon < 0)
            throw content.Error($"'{key}' in the NPY header", text.Trim());
        int depth = 0;
        int end = colon + 1;
        for (; end < text.Length; end++)
        {
            char character = text[end];
            if (depth == 0 && character is ',' or '}')
                break;
            depth += character is '(' or '[' ? 1 : character is ')' or ']' ? -1 : 0;
        }
        return text[(colon + 1)..end].Trim();
    }

    private static int[] ParseShape(string text, ContentStream content)
    {
        if (text.Length < 2 || text[0] != '(' || text[^1] != ')')
            throw content.Error("a shape such as (3, 4) in the NPY header", text);
        string[] extents = text[1..^1].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (extents.Length > MostAxes)
            throw content.Error($"at most {MostAxes} axes in the NPY header", extents.Length.ToString(CultureInfo.InvariantCulture));
        int[] shape = new int[extents.Length];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            // Python 2 wrote long integers with a suffix.
            if (!int.TryParse(extents[axis].TrimEnd('L'), NumberStyles.None, CultureInfo.InvariantCulture, out shape[axis]))
                throw content.Error($"extents in 0 … {int.MaxValue} in the NPY header", text);
        }
        return shape;
    }
}
