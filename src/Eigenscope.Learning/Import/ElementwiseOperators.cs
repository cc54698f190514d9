using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Import;

/// <summary>Operators that work entry by entry: functions of one result, and sums, differences, products, quotients and choices of two that are repeated to a common shape.</summary>
internal static class ElementwiseOperators
{
    public static GraphValue Function(NodeContext node, ScalarFunction function) => node.Input(0) switch
    {
        ConstantValue constant => new ConstantValue(constant.Shape, [.. constant.Data.Select(function.Value)]),
        ActivationValue x => node.Builder.Map(x, new FunctionLayer(node.Builder.LayerName(node.Name), x.Length, function)),
        _ => throw new NodeNotSupportedException("its input is missing"),
    };

    public static GraphValue Relu(NodeContext node) => node.Input(0) is ConstantValue constant
        ? new ConstantValue(constant.Shape, [.. constant.Data.Select(static value => Math.Max(value, 0.0))])
        : node.Builder.Map(node.Activation(0), new ReluLayer(node.Builder.LayerName(node.Name), node.Activation(0).Length));

    public static GraphValue Tanh(NodeContext node) => node.Input(0) is ConstantValue constant
        ? new ConstantValue(constant.Shape, [.. constant.Data.Select(Math.Tanh)])
        : node.Builder.Map(node.Activation(0), new TanhLayer(node.Builder.LayerName(node.Name), node.Activation(0).Length));

    public static GraphValue Cos(NodeContext node) => node.Builder.Map(node.Activation(0), new CosineLayer(node.Builder.LayerName(node.Name), node.Activation(0).Length));

    public static GraphValue Gelu(NodeContext node) => node.Text("approximate", "none") switch
    {
        "none" => node.Builder.Map(node.Activation(0), new GeluLayer(node.Builder.LayerName(node.Name), node.Activation(0).Length)),
        "tanh" => Function(node, new GeluTanhFunction()),
        string other => throw new NodeNotSupportedException($"approximate = '{other}'; expected none or tanh"),
    };

    public static GraphValue Clip(NodeContext node)
    {
        double least = node.Opset >= 11 ? Bound(node, 1, double.NegativeInfinity) : node.Number("min", double.NegativeInfinity);
        double most = node.Opset >= 11 ? Bound(node, 2, double.PositiveInfinity) : node.Number("max", double.PositiveInfinity);
        return Function(node, new ClipFunction(least, most));
    }

    public static GraphValue Neg(NodeContext node) => Scaled(node.Builder, node.Input(0), -1.0, node.Name);

    public static GraphValue Add(NodeContext node) => (node.Input(0), node.Input(1)) switch
    {
        (ConstantValue a, ConstantValue b) => ConstantArithmetic.Sum(a, b, 1.0),
        (ActivationValue x, ConstantValue c) => AffineOf(node, x, c, static _ => 1.0, static c => c),
        (ConstantValue c, ActivationValue x) => AffineOf(node, x, c, static _ => 1.0, static c => c),
        _ => Sum(node, node.Activation(0), node.Activation(1), node.Name),
    };

    public static GraphValue Sub(NodeContext node) => (node.Input(0), node.Input(1)) switch
    {
        (ConstantValue a, ConstantValue b) => ConstantArithmetic.Sum(a, b, -1.0),
        (ActivationValue x, ConstantValue c) => AffineOf(node, x, c, static _ => 1.0, static c => -c),
        (ConstantValue c, ActivationValue x) => AffineOf(node, x, c, static _ => -1.0, static c => c),
        _ => Sum(node, node.Activation(0), (ActivationValue)Scaled(node.Builder, node.Activation(1), -1.0, $"{node.Name}/minus"), node.Name),
    };

    public static GraphValue Mul(NodeContext node) => (node.Input(0), node.Input(1)) switch
    {
        (ConstantValue a, ConstantValue b) => ConstantArithmetic.Product(a, b),
        (ActivationValue x, ConstantValue c) => AffineOf(node, x, c, static c => c, static _ => 0.0),
        (ConstantValue c, ActivationValue x) => AffineOf(node, x, c, static c => c, static _ => 0.0),
        _ => Product(node, node.Activation(0), node.Activation(1)),
    };

    public static GraphValue Div(NodeContext node) => (node.Input(0), node.Input(1)) switch
    {
        (ConstantValue a, ConstantValue b) => ConstantArithmetic.Quotient(a, b),
        (ActivationValue x, ConstantValue c) => AffineOf(node, x, c, static c => 1.0 / c, static _ => 0.0),
        (ConstantValue c, ActivationValue x) => AffineOf(node, Inverse(node, x), c, static c => c, static _ => 0.0),
        _ => Product(node, node.Activation(0), Inverse(node, node.Activation(1))),
    };

    public static GraphValue Pow(NodeContext node)
    {
        if (node.AllConstant)
            return ConstantArithmetic.Elementwise((ConstantValue)node.Input(0), (ConstantValue)node.Input(1), Math.Pow);
        ConstantValue exponent = node.Constant(1, "exponent");
        if (exponent.Data.Length == 0 || exponent.Data.Any(value => value != exponent.Data[0]))
            throw new NodeNotSupportedException("its exponent is not one number");
        ActivationValue x = node.Activation(0);
        double power = exponent.Data[0];
        ScalarFunction function = power == 2.0 ? new SquareFunction() : power == 0.5 ? new SqrtFunction() : new PowerFunction(power);
        ActivationValue result = power == 1.0 ? x : node.Builder.Map(x, new FunctionLayer(node.Builder.LayerName(node.Name), x.Length, function));
        return ImportBuilder.Aligned(result, Math.Max(result.Rank, exponent.Rank));
    }

    /// <summary>Chosen by a constant mask: m ⊙ x + (1 − m) ⊙ y.</summary>
    public static GraphValue Where(NodeContext node)
    {
        ConstantValue mask = node.Constant(0, "condition");
        if (node.AllConstant)
            return ConstantArithmetic.Where(mask, (ConstantValue)node.Input(1), (ConstantValue)node.Input(2));
        GraphValue x = node.Input(1), y = node.Input(2);
        int[] shape = Extents.Broadcast(Extents.Broadcast(mask.Shape, x.Shape), y.Shape);
        double[] chosen = ConstantArithmetic.Broadcast(mask, shape);
        return (x, y) switch
        {
            (ActivationValue a, ConstantValue c) => Chosen(node, a, chosen, keeps: true, c, shape),
            (ConstantValue c, ActivationValue a) => Chosen(node, a, chosen, keeps: false, c, shape),
            _ => Sum(node, Chosen(node, (ActivationValue)x, chosen, keeps: true, null, shape), Chosen(node, (ActivationValue)y, chosen, keeps: false, null, shape), node.Name),
        };
    }

    /// <summary>The sum of two results, each repeated where the other is wider.</summary>
    public static ActivationValue Sum(NodeContext node, ActivationValue x, ActivationValue y, string name)
    {
        (ActivationValue a, ActivationValue b) = Together(node, x, y);
        if (a.Boundary == b.Boundary)
            return node.Builder.Affine(a, 2.0, 0.0, name);
        node.Builder.Reserve(a.Length);
        return new ActivationValue(node.Builder.Network.Sum(node.Builder.LayerName(name), a.Boundary, b.Boundary), a.Shape, a.Order, a.Samples);
    }

    /// <summary>The product of two results, entry by entry.</summary>
    private static ActivationValue Product(NodeContext node, ActivationValue x, ActivationValue y)
    {
        (ActivationValue a, ActivationValue b) = Together(node, x, y);
        ImportBuilder builder = node.Builder;
        if (a.Boundary == b.Boundary)
            return builder.Map(a, new FunctionLayer(builder.LayerName(node.Name), a.Length, new SquareFunction()));
        int joined = builder.Concatenate([a, b], node.Name);
        builder.Reserve(a.Length);
        return new ActivationValue(builder.Network.Add(joined, new ProductLayer(builder.LayerName(node.Name), a.Length)), a.Shape, a.Order, a.Samples);
    }

    // Both in one shape and one order: that of the one which is not repeated, so that the wider is not moved.
    private static (ActivationValue First, ActivationValue Second) Together(NodeContext node, ActivationValue x, ActivationValue y)
    {
        int[] shape = Extents.Broadcast(x.Shape, y.Shape);
        ActivationValue a = node.Builder.Broadcast(x, shape, node.Name), b = node.Builder.Broadcast(y, shape, node.Name);
        if (a.Samples != b.Samples)
            throw new NodeNotSupportedException("the samples of its two inputs lie along different axes");
        return x.Length >= y.Length ? (a, node.Builder.InOrder(b, a.Order, node.Name)) : (node.Builder.InOrder(a, b.Order, node.Name), b);
    }

    private static ActivationValue AffineOf(NodeContext node, ActivationValue x, ConstantValue constant, Func<double, double> scale, Func<double, double> shift)
    {
        constant = node.Builder.Once(constant, x);
        int[] shape = Extents.Broadcast(x.Shape, constant.Shape);
        ActivationValue wide = node.Builder.Broadcast(x, shape, node.Name);
        double[] values = ConstantArithmetic.Broadcast(constant, shape);
        return node.Builder.Affine(wide, [.. values.Select(scale)], [.. values.Select(shift)], node.Name);
    }

    private static ActivationValue Chosen(NodeContext node, ActivationValue x, double[] mask, bool keeps, ConstantValue? otherwise, int[] shape)
    {
        ActivationValue wide = node.Builder.Broadcast(x, shape, node.Name);
        double[] rest = otherwise is null ? new double[wide.Length] : ConstantArithmetic.Broadcast(otherwise, shape);
        double[] scale = [.. mask.Select(value => (value != 0.0) == keeps ? 1.0 : 0.0)];
        double[] shift = [.. scale.Select((value, index) => value == 0.0 ? rest[index] : 0.0)];
        return node.Builder.Affine(wide, scale, shift, $"{node.Name}/{(keeps ? "chosen" : "other")}");
    }

    private static GraphValue Scaled(ImportBuilder builder, GraphValue value, double factor, string name) => value is ConstantValue constant
        ? new ConstantValue(constant.Shape, [.. constant.Data.Select(entry => factor * entry)]) { IsInteger = constant.IsInteger, PerSample = constant.PerSample }
        : builder.Affine((ActivationValue)value, factor, 0.0, name);

    private static ActivationValue Inverse(NodeContext node, ActivationValue x) =>
        node.Builder.Map(x, new FunctionLayer(node.Builder.LayerName($"{node.Name}/inverse"), x.Length, new ReciprocalFunction()));

    private static double Bound(NodeContext node, int index, double otherwise) =>
        node.OptionalConstant(index, "bound") is { Data: [double bound] } ? bound : node.Has(index) ? throw new NodeNotSupportedException("its bound is not one number") : otherwise;
}
