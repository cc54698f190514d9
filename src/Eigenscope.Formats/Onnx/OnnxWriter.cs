using Eigenscope.Formats.Onnx.Wire;
using Google.Protobuf;

namespace Eigenscope.Formats.Onnx;

/// <summary>From the public records to the messages of the format.</summary>
internal static class OnnxWriter
{
    public static ModelProto Model(OnnxModel model)
    {
        ModelProto message = new() { IrVersion = model.IrVersion, ProducerName = model.Producer, Graph = Graph(model.Graph) };
        foreach ((string domain, long version) in model.Opsets.OrderBy(static set => set.Key, StringComparer.Ordinal))
            message.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = version });
        long size = 0;
        foreach (TensorProto tensor in message.Graph.Initializer)
            size += tensor.RawData.Length;
        return size <= Array.MaxLength / 2 ? message : throw new ArgumentException($"expected at most {Array.MaxLength / 2} bytes of weights, got {size}", nameof(model));
    }

    private static GraphProto Graph(OnnxGraph graph)
    {
        GraphProto message = new() { Name = graph.Name };
        message.Node.Add(graph.Nodes.Select(Node));
        message.Initializer.Add(graph.Initializers.Select(Tensor));
        message.Input.Add(graph.Inputs.Select(Value));
        message.Output.Add(graph.Outputs.Select(Value));
        return message;
    }

    private static NodeProto Node(OnnxNode node)
    {
        NodeProto message = new() { Name = node.Name, OpType = node.Operator, Domain = node.Domain };
        message.Input.Add(node.Inputs);
        message.Output.Add(node.Outputs);
        foreach ((string name, OnnxAttribute attribute) in node.Attributes.OrderBy(static entry => entry.Key, StringComparer.Ordinal))
            message.Attribute.Add(Attribute(name, attribute, node));
        return message;
    }

    private static AttributeProto Attribute(string name, OnnxAttribute attribute, OnnxNode node)
    {
        AttributeProto message = new() { Name = name };
        switch (attribute.Kind)
        {
            case OnnxAttributeKind.Number:
                (message.Type, message.F) = (AttributeProto.Types.AttributeType.Float, (float)attribute.Number);
                break;
            case OnnxAttributeKind.Integer:
                (message.Type, message.I) = (AttributeProto.Types.AttributeType.Int, attribute.Integer);
                break;
            case OnnxAttributeKind.Text:
                (message.Type, message.S) = (AttributeProto.Types.AttributeType.String, ByteString.CopyFromUtf8(attribute.Text));
                break;
            case OnnxAttributeKind.Tensor when attribute.Tensor is { } tensor:
                (message.Type, message.T) = (AttributeProto.Types.AttributeType.Tensor, Tensor(tensor));
                break;
            case OnnxAttributeKind.Numbers:
                message.Type = AttributeProto.Types.AttributeType.Floats;
                message.Floats.Add(attribute.Numbers.Select(static number => (float)number));
                break;
            case OnnxAttributeKind.Integers:
                message.Type = AttributeProto.Types.AttributeType.Ints;
                message.Ints.Add(attribute.Integers);
                break;
            case OnnxAttributeKind.Texts:
                message.Type = AttributeProto.Types.AttributeType.Strings;
                message.Strings.Add(attribute.Texts.Select(ByteString.CopyFromUtf8));
                break;
            default:
                throw new ArgumentException($"expected attributes with content, got {attribute.Kind} in {ErrorText.Quote(name)} of node {ErrorText.Quote(node.Name)} ({node.Operator})", nameof(attribute));
        }
        return message;
    }

    private static TensorProto Tensor(OnnxTensor tensor)
    {
        if (OnnxElements.Number(tensor.Element) is null)
            throw new ArgumentException($"expected numbers in tensor {ErrorText.Quote(tensor.Name)}, got {tensor.Element}", nameof(tensor));
        TensorProto message = new() { Name = tensor.Name, DataType = OnnxElements.Code(tensor.Element), RawData = UnsafeByteOperations.UnsafeWrap(tensor.Bytes) };
        message.Dims.Add(tensor.Shape.Select(static extent => (long)extent));
        return message;
    }

    private static ValueInfoProto Value(OnnxValue value)
    {
        int code = OnnxElements.Code(value.Element);
        if (code == 0)
            throw new ArgumentException($"expected tensors as inputs and outputs, got {value.Element} for {ErrorText.Quote(value.Name)}", nameof(value));
        TypeProto.Types.Tensor type = new() { ElemType = code };
        if (value.Shape is { } shape)
        {
            type.Shape = new TensorShapeProto();
            type.Shape.Dim.Add(shape.Select(Dimension));
        }
        return new ValueInfoProto { Name = value.Name, Type = new TypeProto { TensorType = type } };
    }

    private static TensorShapeProto.Types.Dimension Dimension(OnnxExtent extent)
    {
        TensorShapeProto.Types.Dimension message = new();
        if (extent.Value is { } value)
            message.DimValue = value;
        else if (extent.Symbol is { } symbol)
            message.DimParam = symbol;
        return message;
    }
}
