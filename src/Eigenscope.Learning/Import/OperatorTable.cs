using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Import;

/// <summary>Every operator that can be imported, and how.</summary>
internal static class OperatorTable
{
    private static readonly Dictionary<string, Func<NodeContext, GraphValue[]>> Importers = new(StringComparer.Ordinal)
    {
        ["Abs"] = Function(static _ => new AbsFunction()),
        ["Add"] = One(ElementwiseOperators.Add),
        ["And"] = One(static node => ConstantOperators.Compare(node, static (x, y) => x != 0.0 && y != 0.0)),
        ["AveragePool"] = One(SpatialOperators.AveragePool),
        ["BatchNormalization"] = SpatialOperators.BatchNormalization,
        ["Cast"] = One(ConstantOperators.Cast),
        ["Ceil"] = One(static node => ConstantOperators.Unary(node, Math.Ceiling)),
        ["Clip"] = One(ElementwiseOperators.Clip),
        ["Concat"] = One(JoinOperators.Concat),
        ["Constant"] = One(ConstantOperators.Constant),
        ["ConstantOfShape"] = One(ConstantOperators.ConstantOfShape),
        ["Conv"] = One(SpatialOperators.Conv),
        ["Cos"] = One(ElementwiseOperators.Cos),
        ["Div"] = One(ElementwiseOperators.Div),
        ["Dropout"] = One(static node => node.Input(0)),
        ["Elu"] = Function(static node => new EluFunction(node.Number("alpha", 1.0))),
        ["Equal"] = One(static node => ConstantOperators.Compare(node, static (x, y) => x == y)),
        ["Erf"] = Function(static _ => new ErfFunction()),
        ["Exp"] = Function(static _ => new ExpFunction()),
        ["Expand"] = One(ShapeOperators.Expand),
        ["Flatten"] = One(ShapeOperators.Flatten),
        ["Floor"] = One(static node => ConstantOperators.Unary(node, Math.Floor)),
        ["Gather"] = One(PickOperators.Gather),
        ["Gelu"] = One(ElementwiseOperators.Gelu),
        ["Gemm"] = One(DenseOperators.Gemm),
        ["GlobalAveragePool"] = One(SpatialOperators.GlobalAveragePool),
        ["GlobalMaxPool"] = One(SpatialOperators.GlobalMaxPool),
        ["Greater"] = One(static node => ConstantOperators.Compare(node, static (x, y) => x > y)),
        ["HardSigmoid"] = Function(static node => new HardSigmoidFunction(node.Number("alpha", 0.2), node.Number("beta", 0.5))),
        ["HardSwish"] = Function(static _ => new HardSwishFunction()),
        ["Identity"] = One(ConstantOperators.Identity),
        ["LayerNormalization"] = NormalizationOperators.LayerNormalization,
        ["LeakyRelu"] = Function(static node => new LeakyReluFunction(node.Number("alpha", 0.01))),
        ["Less"] = One(static node => ConstantOperators.Compare(node, static (x, y) => x < y)),
        ["Log"] = Function(static _ => new LogFunction()),
        ["LogSoftmax"] = One(static node => NormalizationOperators.Softmax(node, isLogarithm: true)),
        ["LpNormalization"] = One(NormalizationOperators.LpNormalization),
        ["MatMul"] = One(DenseOperators.MatMul),
        ["MaxPool"] = One(SpatialOperators.MaxPool),
        ["Mul"] = One(ElementwiseOperators.Mul),
        ["Neg"] = One(ElementwiseOperators.Neg),
        ["Not"] = One(static node => ConstantOperators.Unary(node, static x => x == 0.0 ? 1.0 : 0.0)),
        ["Or"] = One(static node => ConstantOperators.Compare(node, static (x, y) => x != 0.0 || y != 0.0)),
        ["PRelu"] = One(ElementwiseOperators.PRelu),
        ["Pad"] = One(PickOperators.Pad),
        ["Pow"] = One(ElementwiseOperators.Pow),
        ["Range"] = One(ConstantOperators.Range),
        ["Reciprocal"] = Function(static _ => new ReciprocalFunction()),
        ["ReduceMean"] = One(static node => NormalizationOperators.Reduce(node, isMean: true)),
        ["ReduceProd"] = One(ConstantOperators.ReduceProd),
        ["ReduceSum"] = One(static node => NormalizationOperators.Reduce(node, isMean: false)),
        ["Relu"] = One(ElementwiseOperators.Relu),
        ["Reshape"] = One(ShapeOperators.Reshape),
        ["Selu"] = Function(static node => new EluFunction(node.Number("alpha", 1.6732632423543772), node.Number("gamma", 1.0507009873554805))),
        ["Shape"] = One(ConstantOperators.Shape),
        ["Sigmoid"] = Function(static _ => new SigmoidFunction()),
        ["Size"] = One(ConstantOperators.Size),
        ["Slice"] = One(PickOperators.Slice),
        ["Softmax"] = One(static node => NormalizationOperators.Softmax(node, isLogarithm: false)),
        ["Softplus"] = Function(static _ => new SoftplusFunction()),
        ["Split"] = PickOperators.Split,
        ["Sqrt"] = Function(static _ => new SqrtFunction()),
        ["Squeeze"] = One(ShapeOperators.Squeeze),
        ["Sub"] = One(ElementwiseOperators.Sub),
        ["Sum"] = One(ElementwiseOperators.SumOfAll),
        ["Tanh"] = One(ElementwiseOperators.Tanh),
        ["Transpose"] = One(ShapeOperators.Transpose),
        ["Unsqueeze"] = One(ShapeOperators.Unsqueeze),
        ["Where"] = One(ElementwiseOperators.Where),
    };

    /// <summary>Names of all operators.</summary>
    public static IEnumerable<string> Names => Importers.Keys.Order(StringComparer.Ordinal);

    /// <summary>How an operator of the default domain is imported; null where it is not.</summary>
    public static Func<NodeContext, GraphValue[]>? Find(string domain, string name) =>
        domain is "" or "ai.onnx" && Importers.TryGetValue(name, out Func<NodeContext, GraphValue[]>? importer) ? importer : null;

    private static Func<NodeContext, GraphValue[]> One(Func<NodeContext, GraphValue> importer) => node => [importer(node)];

    private static Func<NodeContext, GraphValue[]> Function(Func<NodeContext, ScalarFunction> function) => node => [ElementwiseOperators.Function(node, function(node))];
}
