using System.Globalization;
using Eigenscope.Formats.Onnx.Wire;
using Google.Protobuf.Collections;
using AttributeType = Eigenscope.Formats.Onnx.Wire.AttributeProto.Types.AttributeType;

namespace Eigenscope.Formats.Onnx;

/// <summary>From the messages of the format to the public records, each part checked.</summary>
/// <param name="path">What errors call the file.</param>
/// <param name="external">Where external data come from.</param>
internal sealed class OnnxParser(string path, OnnxExternalData external)
{
    private const int MostAxes = 32;
    private const string DefaultDomain = "ai.onnx";

    public OnnxModel Model(ModelProto message)
    {
        if (message.Graph is not { } graph || message.IrVersion < 1)
            throw new DataFormatException(path, "an ONNX model (a version and a graph)", "a file without them");
        Dictionary<string, long> opsets = new(StringComparer.Ordinal);
        foreach (OperatorSetIdProto set in message.OpsetImport)
        {
            if (!opsets.TryAdd(Domain(set.Domain), set.Version))
                throw new DataFormatException(path, "one version for each domain of operators", $"two for {ErrorText.Quote(set.Domain)}");
        }
        OnnxGraph parsed = Graph(graph);
        RefuseOwnFunctions(message.Functions, parsed);
        return new OnnxModel { IrVersion = message.IrVersion, Producer = message.ProducerName, Opsets = opsets, Graph = parsed };
    }

    private void RefuseOwnFunctions(RepeatedField<FunctionProto> functions, OnnxGraph graph)
    {
        HashSet<(string, string)> own = [.. functions.Select(static function => (Domain(function.Domain), function.Name))];
        OnnxNode? caller = graph.Nodes.FirstOrDefault(node => own.Contains((node.Domain, node.Operator)));
        if (caller is not null)
            throw new DataFormatException(OnnxStructure.Place(path, caller), "operators", $"a call of the model's own function {ErrorText.Quote(caller.Operator)}; export the model with functions inlined");
    }

    private OnnxGraph Graph(GraphProto message)
    {
        OnnxGraph graph = new()
        {
            Name = message.Name,
            Nodes = [.. message.Node.Select(Node)],
            Initializers = [.. message.Initializer.Select(tensor => Tensor(tensor, $"initializer {ErrorText.Quote(tensor.Name)}"))],
            Inputs = [.. message.Input.Select(Value)],
            Outputs = [.. message.Output.Select(Value)],
        };
        return graph with { Nodes = new OnnxStructure(path, graph, message.SparseInitializer.Select(static sparse => sparse.Values?.Name ?? "")).SortedNodes() };
    }

    private OnnxNode Node(NodeProto message)
    {
        Dictionary<string, OnnxAttribute> attributes = new(StringComparer.Ordinal);
        OnnxNode node = new()
        {
            Name = message.Name,
            Operator = message.OpType,
            Domain = Domain(message.Domain),
            Inputs = [.. message.Input],
            Outputs = [.. message.Output],
            Attributes = attributes,
        };
        foreach (AttributeProto attribute in message.Attribute)
        {
            if (!attributes.TryAdd(attribute.Name, Attribute(attribute, node)))
                throw new DataFormatException(OnnxStructure.Place(path, node), "distinct attributes", $"two named {ErrorText.Quote(attribute.Name)}");
        }
        return node;
    }

    private OnnxAttribute Attribute(AttributeProto message, OnnxNode node) => (message.Type == AttributeType.Undefined ? Guess(message) : message.Type) switch
    {
        AttributeType.Float => OnnxAttribute.Of((double)message.F),
        AttributeType.Int => OnnxAttribute.Of(message.I),
        AttributeType.String => OnnxAttribute.Of(message.S.ToStringUtf8()),
        AttributeType.Tensor when message.T is { } tensor => OnnxAttribute.Of(Tensor(tensor, $"attribute {ErrorText.Quote(message.Name)} of node {ErrorText.Quote(node.Name)}")),
        AttributeType.Floats => OnnxAttribute.Of([.. message.Floats.Select(static number => (double)number)]),
        AttributeType.Ints => OnnxAttribute.Of((IReadOnlyList<long>)[.. message.Ints]),
        AttributeType.Strings => OnnxAttribute.Of((IReadOnlyList<string>)[.. message.Strings.Select(static text => text.ToStringUtf8())]),
        AttributeType.Graph or AttributeType.Graphs => new OnnxAttribute { Kind = OnnxAttributeKind.Graph },
        _ => new OnnxAttribute { Kind = OnnxAttributeKind.Unsupported },
    };

    /// <summary>The first files (IR version 1) leave the type out: it is that of the field in use.</summary>
    private static AttributeType Guess(AttributeProto message) => message switch
    {
        { T: not null } => AttributeType.Tensor,
        { Floats.Count: > 0 } => AttributeType.Floats,
        { Ints.Count: > 0 } => AttributeType.Ints,
        { Strings.Count: > 0 } => AttributeType.Strings,
        { S.IsEmpty: false } => AttributeType.String,
        { F: not 0 } => AttributeType.Float,
        _ => AttributeType.Int,
    };

    private OnnxValue Value(ValueInfoProto message)
    {
        if (message.Type?.TensorType is not { } tensor)
            return new OnnxValue { Name = message.Name, Element = OnnxElement.Unsupported };
        return new OnnxValue { Name = message.Name, Element = OnnxElements.Element(tensor.ElemType), Shape = tensor.Shape is { } shape ? Extents(shape, message.Name) : null };
    }

    private List<OnnxExtent> Extents(TensorShapeProto shape, string name)
    {
        List<OnnxExtent> extents = new(shape.Dim.Count);
        foreach (TensorShapeProto.Types.Dimension dimension in shape.Dim)
        {
            if (dimension.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue)
                extents.Add(new OnnxExtent(dimension.DimValue >= 0 ? dimension.DimValue : throw Negative($"value {ErrorText.Quote(name)}", dimension.DimValue), null));
            else
                extents.Add(new OnnxExtent(null, dimension.DimParam is { Length: > 0 } symbol ? symbol : null));
        }
        return extents;
    }

    private OnnxTensor Tensor(TensorProto message, string what)
    {
        int[] shape = Shape(message, what);
        OnnxElement element = OnnxElements.Element(message.DataType);
        if (OnnxElements.Number(element) is not { } number)
            return new OnnxTensor(message.Name, element, shape, ReadOnlyMemory<byte>.Empty);
        if (message.Segment is not null)
            throw Error(what, "a whole tensor", "a segment of one");
        long count = EntryBytes.Count(shape);
        long bytes = count * NumberBytes.Size(number);
        if (message.DataLocation == TensorProto.Types.DataLocation.External)
            return new OnnxTensor(message.Name, element, shape, external.Read(message.ExternalData, bytes, what));
        if (message.RawData.IsEmpty)
            return new OnnxTensor(message.Name, element, shape, Typed(message, number, count, what));
        return message.RawData.Length == bytes
            ? new OnnxTensor(message.Name, element, shape, message.RawData.Memory)
            : throw Error(what, string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes for shape [{string.Join(", ", shape)}] of {element}"), string.Create(CultureInfo.InvariantCulture, $"{message.RawData.Length}"));
    }

    private int[] Shape(TensorProto message, string what)
    {
        if (message.Dims.Count > MostAxes)
            throw Error(what, $"at most {MostAxes} axes", message.Dims.Count.ToString(CultureInfo.InvariantCulture));
        int[] shape = new int[message.Dims.Count];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            long extent = message.Dims[axis];
            if (extent < 0)
                throw Negative(what, extent);
            shape[axis] = extent <= int.MaxValue ? (int)extent : throw Error(what, $"extents of at most {int.MaxValue}", extent.ToString(CultureInfo.InvariantCulture));
        }
        long count = EntryBytes.Count(shape);
        return count <= Array.MaxLength ? shape : throw Error(what, $"at most {Array.MaxLength} entries", $"shape [{string.Join(", ", shape)}]");
    }

    private byte[] Typed(TensorProto message, NumberType number, long count, string what)
    {
        int stored = number switch
        {
            NumberType.Float32 => message.FloatData.Count,
            NumberType.Float64 => message.DoubleData.Count,
            NumberType.Int64 => message.Int64Data.Count,
            NumberType.UInt32 or NumberType.UInt64 => message.Uint64Data.Count,
            _ => message.Int32Data.Count,
        };
        if (stored != count)
            throw Error(what, string.Create(CultureInfo.InvariantCulture, $"{count} entries as its shape says"), stored.ToString(CultureInfo.InvariantCulture));
        try
        {
            return Typed(message, number);
        }
        catch (OverflowException failure)
        {
            throw new DataFormatException($"{path}[{what}]", $"entries that fit {number}", "others", failure);
        }
    }

    /// <summary>Types of 32 bits and less share a field; halves are in it as their bits.</summary>
    private static byte[] Typed(TensorProto message, NumberType number) => number switch
    {
        NumberType.Float32 => NumberBytes.Of<float, float>([.. message.FloatData]),
        NumberType.Float64 => NumberBytes.Of<double, double>([.. message.DoubleData]),
        NumberType.Int64 => NumberBytes.Of<long, long>([.. message.Int64Data]),
        NumberType.UInt64 => NumberBytes.Of<ulong, ulong>([.. message.Uint64Data]),
        NumberType.UInt32 => NumberBytes.Of<ulong, uint>([.. message.Uint64Data]),
        NumberType.Int32 => NumberBytes.Of<int, int>([.. message.Int32Data]),
        NumberType.Int16 => NumberBytes.Of<int, short>([.. message.Int32Data]),
        NumberType.Int8 => NumberBytes.Of<int, sbyte>([.. message.Int32Data]),
        NumberType.UInt8 or NumberType.Boolean => NumberBytes.Of<int, byte>([.. message.Int32Data]),
        _ => NumberBytes.Of<int, ushort>([.. message.Int32Data]),
    };

    private static string Domain(string name) => string.Equals(name, DefaultDomain, StringComparison.Ordinal) ? "" : name;

    private DataFormatException Negative(string what, long extent) => Error(what, "extents of at least 0", extent.ToString(CultureInfo.InvariantCulture));

    private DataFormatException Error(string what, string expected, string actual) => new($"{path}[{what}]", expected, actual);
}
