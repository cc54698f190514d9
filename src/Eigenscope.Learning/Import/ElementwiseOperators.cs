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

    public static GraphValue Add(NodeContext node) => Added(node, node.Input(0), node.Input(1));

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
        return ByEntry(node, node.Activation(0), exponent, static power => power == 2.0 ? new SquareFunction() : power == 0.5 ? new SqrtFunction() : new PowerFunction(power));
    }

    /// <summary>Slopes below 0, one for all entries or for some of them each; they are constants, as all but weights, biases and normalisations are.</summary>
    public static GraphValue PRelu(NodeContext node) => ByEntry(node, node.Activation(0), node.Constant(1, "slope"), static slope => new LeakyReluFunction(slope));

    /// <summary>The sum of any number of inputs.</summary>
    public static GraphValue SumOfAll(NodeContext node)
    {
        GraphValue sum = node.Input(0);
        for (int i = 1; i < node.InputCount; i++)
            sum = Added(node, sum, node.Input(i));
        return sum;
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

    private static GraphValue Added(NodeContext node, GraphValue first, GraphValue second) => (first, second) switch
    {
        (ConstantValue a, ConstantValue b) => ConstantArithmetic.Sum(a, b, 1.0),
        (ActivationValue x, ConstantValue c) => AffineOf(node, x, c, static _ => 1.0, static c => c),
        (ConstantValue c, ActivationValue x) => AffineOf(node, x, c, static _ => 1.0, static c => c),
        (ActivationValue x, ActivationValue y) => Sum(node, x, y, node.Name),
        _ => throw new NodeNotSupportedException("an input is missing"),
    };

    // One function with a constant of its own for every entry: entries of one constant are picked, mapped and put back.
    private static ActivationValue ByEntry(NodeContext node, ActivationValue x, ConstantValue constants, Func<double, ScalarFunction> function)
    {
        ImportBuilder builder = node.Builder;
        int[] shape = Extents.Broadcast(x.Shape, builder.Once(constants, x).Shape);
        ActivationValue wide = builder.Broadcast(x, shape, node.Name);
        double[] values = ConstantArithmetic.Broadcast(builder.Once(constants, x), shape);
        int[][] groups = [.. Enumerable.Range(0, values.Length).GroupBy(i => values[i]).Select(static group => group.ToArray())];
        if (groups.Length == 1)
            return builder.Map(wide, new FunctionLayer(builder.LayerName(node.Name), wide.Length, function(values[0])));
        int[] Flat(int length) => [.. Enumerable.Repeat(1, shape.Length - 1), length];
        ActivationValue standard = builder.Standard(wide, node.Name);
        ActivationValue[] parts = [.. groups.Select(group => builder.Pick(standard, Flat(group.Length), group, standard.Samples, $"{node.Name}/part"))];
        ActivationValue[] mapped = [.. parts.Select((part, i) => builder.Map(part, new FunctionLayer(builder.LayerName($"{node.Name}/function"), part.Length, function(values[groups[i][0]]))))];
        int[] places = new int[values.Length];
        int next = 0;
        foreach (int entry in groups.SelectMany(static group => group))
            places[entry] = next++;
        ActivationValue joined = new(builder.Concatenate(mapped, node.Name), Flat(values.Length), standard.Order, standard.Samples);
        return builder.Pick(joined, shape, places, standard.Samples, node.Name);
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
