using Eigenscope.Formats.Onnx;

namespace Eigenscope.Learning.Import;

/// <summary>Operators that make constants, or are imported only of constants: what models compute their shapes with.</summary>
internal static class ConstantOperators
{
    public static GraphValue Constant(NodeContext node)
    {
        foreach ((string name, Func<OnnxAttribute, ConstantValue?> read) in Readers)
        {
            if (node.Attribute(name) is { } attribute && read(attribute) is { } constant)
                return constant;
        }
        throw new NodeNotSupportedException("its value is no tensor of numbers");
    }

    /// <summary>An initialiser, or the tensor of a node.</summary>
    public static ConstantValue FromTensor(OnnxTensor tensor, string origin) =>
        IsWhole(tensor.Element)
            ? new ConstantValue([.. tensor.Shape], [.. tensor.ToIntegers().Select(static value => (double)value)]) { IsInteger = true }
            : new ConstantValue([.. tensor.Shape], tensor.ToDoubles()) { Origin = origin };

    /// <summary>Exporters that share equal initialisers give the others' names back this way.</summary>
    public static GraphValue Identity(NodeContext node) => node.Input(0) is ConstantValue { Origin: not null } constant
        ? new ConstantValue(constant.Shape, constant.Data) { Origin = node.FirstOutput }
        : node.Input(0);

    public static GraphValue Shape(NodeContext node)
    {
        GraphValue value = node.Input(0);
        int start = Clamp(node.Integer("start", 0), value.Rank), end = Clamp(node.Integer("end", value.Rank), value.Rank);
        int[] axes = [.. Enumerable.Range(start, Math.Max(end - start, 0))];
        int batch = (value as ActivationValue)?.BatchAxis ?? -1;
        return new ConstantValue([axes.Length], [.. axes.Select(axis => (double)value.Shape[axis])]) { IsInteger = true, PerSample = [.. axes.Select(axis => axis == batch)] };
    }

    public static GraphValue Size(NodeContext node) => new ConstantValue([], [node.Input(0).Length]) { IsInteger = true, PerSample = [node.Input(0) is ActivationValue] };

    public static GraphValue ConstantOfShape(NodeContext node)
    {
        int[] shape = [.. NodeContext.WholeNumbers(node.Constant(0, "shape")).Select(static extent => extent is >= 0 and <= int.MaxValue ? (int)extent : throw new NodeNotSupportedException($"an extent of {extent} was asked for"))];
        int length = Extents.Product(shape);
        node.Builder.Reserve(length);
        OnnxTensor? tensor = node.Attribute("value")?.Tensor;
        double value = tensor is { Length: 1 } ? FromTensor(tensor, "").Data[0] : 0.0;
        return new ConstantValue(shape, [.. Enumerable.Repeat(value, length)]) { IsInteger = tensor is not null && IsWhole(tensor.Element) };
    }

    public static GraphValue Cast(NodeContext node)
    {
        const int Float = 1, Float16 = 10, Double = 11, BFloat16 = 16, Boolean = 9;
        long to = node.Integer("to", Float);
        bool isReal = to is Float or Float16 or Double or BFloat16;
        if (node.Input(0) is not ConstantValue constant)
            return isReal ? node.Input(0) : throw new NodeNotSupportedException("it makes whole numbers of what depends on the samples, which has no derivative");
        double[] data = isReal ? constant.Data : to == Boolean ? [.. constant.Data.Select(static value => value != 0.0 ? 1.0 : 0.0)] : [.. constant.Data.Select(Math.Truncate)];
        return new ConstantValue(constant.Shape, data) { IsInteger = !isReal, PerSample = constant.PerSample, Origin = isReal ? constant.Origin : null };
    }

    public static GraphValue Range(NodeContext node)
    {
        double start = One(node, 0), limit = One(node, 1), step = One(node, 2);
        double count = Math.Max(Math.Ceiling((limit - start) / step), 0.0);
        if (!(count <= int.MaxValue))
            throw new NodeNotSupportedException("it counts without end");
        node.Builder.Reserve((long)count);
        return new ConstantValue([(int)count], [.. Enumerable.Range(0, Extents.Product([(int)count])).Select(i => start + (i * step))]) { IsInteger = ((ConstantValue)node.Input(0)).IsInteger };
    }

    public static GraphValue Compare(NodeContext node, Func<double, double, bool> holds) =>
        ConstantArithmetic.Compare(node.Constant(0, "first factor"), node.Constant(1, "second factor"), holds);

    public static GraphValue Unary(NodeContext node, Func<double, double> function)
    {
        ConstantValue constant = node.Constant(0, "input");
        ConstantArithmetic.RequirePlain(constant);
        return new ConstantValue(constant.Shape, [.. constant.Data.Select(function)]) { IsInteger = constant.IsInteger };
    }

    /// <summary>The product of all extents of a shape, as Flatten-like chains compute it.</summary>
    public static GraphValue ReduceProd(NodeContext node)
    {
        ConstantValue constant = node.Constant(0, "input");
        if (constant.Rank != 1)
            throw new NodeNotSupportedException("only a list of extents is multiplied");
        ConstantValue product = new([], [1.0]) { IsInteger = true };
        for (int i = 0; i < constant.Length; i++)
            product = ConstantArithmetic.Product(product, new ConstantValue([], [constant.Data[i]]) { IsInteger = constant.IsInteger, PerSample = [constant.IsPerSample(i)] });
        return node.Integer("keepdims", 1) != 0 ? product.Reshaped([1]) : product;
    }

    public static bool IsWhole(OnnxElement element) => element is not (OnnxElement.Float32 or OnnxElement.Float64 or OnnxElement.Float16 or OnnxElement.BFloat16);

    private static readonly (string Name, Func<OnnxAttribute, ConstantValue?> Read)[] Readers =
    [
        ("value", static attribute => attribute.Tensor is { } tensor ? FromTensor(tensor, tensor.Name) : null),
        ("value_float", static attribute => new ConstantValue([], [attribute.Number])),
        ("value_floats", static attribute => new ConstantValue([attribute.Numbers.Count], [.. attribute.Numbers])),
        ("value_int", static attribute => new ConstantValue([], [attribute.Integer]) { IsInteger = true }),
        ("value_ints", static attribute => new ConstantValue([attribute.Integers.Count], [.. attribute.Integers.Select(static value => (double)value)]) { IsInteger = true }),
    ];

    private static int Clamp(long axis, int rank) => (int)Math.Clamp(axis < 0 ? axis + rank : axis, 0, rank);

    private static double One(NodeContext node, int index)
    {
        ConstantValue constant = node.Constant(index, "bound");
        ConstantArithmetic.RequirePlain(constant);
        return constant.Data is [double value] ? value : throw new NodeNotSupportedException("its bounds are not single numbers");
    }
}
