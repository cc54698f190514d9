using Eigenscope.Formats.Onnx;

namespace Eigenscope.Learning.Import;

/// <summary>One node with what its inputs stand for.</summary>
internal sealed class NodeContext(OnnxNode node, GraphValue?[] inputs, GraphPlan plan, ImportBuilder builder)
{
    public ImportBuilder Builder => builder;

    /// <summary>The version of the default operators.</summary>
    public long Opset => plan.Model.Opset;

    /// <summary>Name for layers: the node's, or that of its first result.</summary>
    public string Name { get; } = node.Name.Length > 0 ? node.Name : GraphPatterns.Key(node);

    /// <summary>Name of the first result.</summary>
    public string FirstOutput => GraphPatterns.Key(node);

    public int InputCount => inputs.Length;

    public int OutputCount => node.Outputs.Count;

    public string Operator => node.Operator;

    public bool Has(int index) => index < inputs.Length && inputs[index] is not null;

    public GraphValue Input(int index) => Has(index) ? inputs[index]! : throw new NodeNotSupportedException($"input {index} is missing");

    public ActivationValue Activation(int index) => Input(index) as ActivationValue
        ?? throw new NodeNotSupportedException($"input {index} does not depend on the samples, where {Operator} is imported only for one that does");

    public ConstantValue Constant(int index, string what) => Input(index) as ConstantValue
        ?? throw new NodeNotSupportedException($"its {what} (input {index}) is computed from the samples; it must be a constant");

    public ConstantValue? OptionalConstant(int index, string what) => Has(index) ? Constant(index, what) : null;

    /// <summary>Where the file has what an input reads: of a node that was put together, an input of one that it was put together of.</summary>
    public TensorPlace Place(int index, IReadOnlyList<int> shape, TensorOrder order = TensorOrder.AsIs)
    {
        (string reader, int input) = plan.Readers.GetValueOrDefault((FirstOutput, index), (FirstOutput, index));
        return new TensorPlace(reader, input, shape, order);
    }

    public bool AllConstant => inputs.All(static input => input is null or ConstantValue);

    public bool HasAttribute(string name) => node.Attributes.ContainsKey(name);

    public long Integer(string name, long otherwise) => node.Attributes.TryGetValue(name, out OnnxAttribute? attribute) ? attribute.Integer : otherwise;

    public double Number(string name, double otherwise) => node.Attributes.TryGetValue(name, out OnnxAttribute? attribute) ? attribute.Number : otherwise;

    public string Text(string name, string otherwise) => node.Attributes.TryGetValue(name, out OnnxAttribute? attribute) ? attribute.Text : otherwise;

    public long[]? Integers(string name) => node.Attributes.TryGetValue(name, out OnnxAttribute? attribute) ? [.. attribute.Integers] : null;

    public OnnxAttribute? Attribute(string name) => node.Attributes.GetValueOrDefault(name);

    /// <summary>Whole numbers that older versions have as an attribute and newer ones as an input; null where there are none.</summary>
    public long[]? IntegersOrInput(string name, int index) => Has(index) ? WholeNumbers(Constant(index, name)) : Integers(name);

    /// <summary>The entries of a constant as whole numbers. One that depends on the number of samples stands for itself at one sample.</summary>
    public static long[] WholeNumbers(ConstantValue constant) => [.. constant.Data.Select(Whole)];

    /// <summary>A whole number, those beyond 64 bits cut: slices end at the largest there is.</summary>
    public static long Whole(double value) =>
        value >= long.MaxValue ? long.MaxValue : value <= long.MinValue ? long.MinValue : value == Math.Floor(value) ? (long)value : throw new NodeNotSupportedException("expected a whole number");

    /// <summary>Throws unless an axis is not the one along which samples lie.</summary>
    public void RequireWithinSample(ActivationValue x, int axis)
    {
        if (axis == x.BatchAxis)
            throw new NodeNotSupportedException($"{Operator} works along the axis of the samples: a network treats each by itself");
    }
}
