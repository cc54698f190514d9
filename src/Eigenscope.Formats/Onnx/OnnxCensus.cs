using System.Globalization;

namespace Eigenscope.Formats.Onnx;

/// <summary>
/// Counts the parts of a file before it is read, with nothing allocated: a part of two bytes becomes an object of hundreds, so that bytes alone do not bound memory.
/// Lengths are checked on the way, and so is that no groups (an encoding that ONNX never used, and that nests) are there.
/// </summary>
internal sealed class OnnxCensus
{
    private const int MostParts = 1 << 20;

    private readonly Stream _stream;
    private readonly string _path;
    private long _position;
    private int _parts;

    private OnnxCensus(Stream stream, string path) => (_stream, _path) = (stream, path);

    private enum Part
    {
        Leaf,
        Model,
        Opset,
        Function,
        Graph,
        Node,
        Attribute,
        Tensor,
        Sparse,
        Pair,
        Value,
        Type,
        TensorType,
        Shape,
        Dimension,
    }

    public static void Check(Stream stream, string path) => new OnnxCensus(stream, path).Walk(Part.Model, stream.Length);

    private static Part Child(Part part, ulong field) => (part, field) switch
    {
        (Part.Model, 7) => Part.Graph,
        (Part.Model, 8) => Part.Opset,
        (Part.Model, 25) => Part.Function,
        (Part.Graph, 1) => Part.Node,
        (Part.Graph, 5) => Part.Tensor,
        (Part.Graph, 11 or 12) => Part.Value,
        (Part.Graph, 15) => Part.Sparse,
        (Part.Node, 5) => Part.Attribute,
        (Part.Attribute, 5) => Part.Tensor,
        (Part.Tensor, 13) => Part.Pair,
        (Part.Value, 2) => Part.Type,
        (Part.Type, 1) => Part.TensorType,
        (Part.TensorType, 2) => Part.Shape,
        (Part.Shape, 1) => Part.Dimension,
        _ => Part.Leaf,
    };

    private void Walk(Part part, long end)
    {
        while (_position < end)
        {
            ulong tag = Varint();
            switch (tag & 7)
            {
                case 0:
                    Varint();
                    break;
                case 1:
                    Skip(8, end);
                    break;
                case 2:
                    WalkPart(Child(part, tag >> 3), Length(end));
                    break;
                case 5:
                    Skip(4, end);
                    break;
                default:
                    throw Damaged();
            }
        }
        if (_position != end)
            throw Damaged();
    }

    private void WalkPart(Part part, long length)
    {
        if (++_parts > MostParts)
            throw new DataFormatException(_path, string.Create(CultureInfo.InvariantCulture, $"an ONNX model of at most {MostParts} parts (nodes, names, attributes, tensors)"), "more");
        if (part == Part.Leaf)
            Skip(length, _position + length);
        else
            Walk(part, _position + length);
    }

    private long Length(long end)
    {
        ulong length = Varint();
        return _position <= end && length <= (ulong)(end - _position) ? (long)length : throw Damaged();
    }

    private void Skip(long bytes, long end)
    {
        if (bytes > end - _position)
            throw Damaged();
        _position += bytes;
        _stream.Position = _position;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            int next = _stream.ReadByte();
            if (next < 0)
                throw Damaged();
            _position++;
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
        throw Damaged();
    }

    private DataFormatException Damaged() =>
        new(_path, "an ONNX model", string.Create(CultureInfo.InvariantCulture, $"truncated or damaged data at byte {_position}, or another format"));
}
