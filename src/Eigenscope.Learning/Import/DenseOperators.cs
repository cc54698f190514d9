using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Import;

/// <summary>Gemm and MatMul: dense layers where one factor is constant, products of two results otherwise.</summary>
internal static class DenseOperators
{
    /// <summary>α op(A) op(B) + β C.</summary>
    public static GraphValue Gemm(NodeContext node)
    {
        double alpha = node.Number("alpha", 1.0), beta = node.Number("beta", 1.0);
        ConstantValue? bias = node.OptionalConstant(2, "third factor");
        if (bias is not null && beta == 0.0)
            bias = null;
        ActivationValue x = node.Activation(0);
        if (x.Rank != 2)
            throw new NodeNotSupportedException($"its first input has {x.Rank} axes; expected 2");
        x = node.Integer("transA", 0) != 0 ? ShapeOperators.Transposed(x, [1, 0]) : x;
        ConstantValue weight = RequireMatrix(node.Constant(1, "weight"));
        bool isRowPerOutput = node.Integer("transB", 0) != 0;
        if (bias is null || beta == 1.0)
            return Dense(node, Scaled(node, x, alpha, "alpha"), weight, 1, isRowPerOutput, bias);
        // β (W (α/β x) + b): the parameters stay the file's own.
        ActivationValue inner = Dense(node, Scaled(node, x, alpha / beta, "alpha"), weight, 1, isRowPerOutput, bias);
        return Scaled(node, inner, beta, "beta");
    }

    /// <summary>A B, over matrices where there are more than two axes. A third input is a bias that a following Add was found to be.</summary>
    public static GraphValue MatMul(NodeContext node) => (node.Input(0), node.Input(1)) switch
    {
        (ConstantValue a, ConstantValue b) => ConstantProduct(a, b),
        (ActivationValue x, ConstantValue { Rank: 1 } b) => ShapeOperators.WithoutAxis(Dense(node, x, b.Reshaped([b.Length, 1]), 1, false, null), x.Rank - 1),
        (ActivationValue x, ConstantValue b) when IsMatrix(b) => Dense(node, x, RequireMatrix(b), 1, false, node.OptionalConstant(2, "bias")),
        (ConstantValue a, ActivationValue x) when IsMatrix(a) && x.Rank >= 2 => FromLeft(node, RequireMatrix(a), x),
        (ActivationValue x, ConstantValue b) => Product(node, x, Beside(node, x, b)),
        (ConstantValue a, ActivationValue x) => Product(node, Beside(node, x, a), x),
        _ => Product(node, node.Activation(0), node.Activation(1)),
    };

    /// <summary>A layer with a weight along the last axis, the same at all positions of the others.</summary>
    private static ActivationValue Dense(NodeContext node, ActivationValue x, ConstantValue weight, int input, bool isRowPerOutput, ConstantValue? bias)
    {
        int last = x.Rank - 1;
        node.RequireWithinSample(x, last);
        (int outputs, int inputs) = isRowPerOutput ? (weight.Shape[0], weight.Shape[1]) : (weight.Shape[1], weight.Shape[0]);
        if (x.Shape[last] != inputs)
            throw new NodeNotSupportedException($"its weight takes {inputs} entries, but the result it reads has {x.Shape[last]} along its last axis");
        ImportBuilder builder = node.Builder;
        x = builder.InOrder(x, [.. x.Order.Where(axis => axis != last), last], node.Name);
        double[] rows = isRowPerOutput ? weight.Data : [.. Extents.Walk([outputs, inputs], [1, outputs], 0).Select(index => weight.Data[index])];
        int positions = inputs == 0 ? 0 : x.Length / inputs;
        string layer = builder.LayerName(LayerName(weight.Origin, node.Name));
        BlockNames names = new()
        {
            Weight = builder.BlockName(weight.Origin, layer, "weight", rows, node.Place(input, node.Input(input).Shape, isRowPerOutput ? TensorOrder.AsIs : TensorOrder.Turned)),
            Bias = bias is null ? null : builder.BlockName(bias.Origin, layer, "bias", BiasOf(bias, outputs), node.Place(2, bias.Length == outputs ? bias.Shape : [outputs])),
        };
        int[] shape = [.. x.Shape[..last], outputs];
        builder.Reserve(Extents.Product(shape));
        int boundary = builder.Network.Dense(x.Boundary, layer, inputs, outputs, bias is not null, positions, names);
        return new ActivationValue(boundary, shape, x.Order, x.Samples);
    }

    /// <summary>A layer is named after its weight.</summary>
    public static string LayerName(string? origin, string node)
    {
        const string Suffix = ".weight";
        return origin is null ? node : origin.EndsWith(Suffix, StringComparison.Ordinal) && origin.Length > Suffix.Length ? origin[..^Suffix.Length] : origin;
    }

    private static double[] BiasOf(ConstantValue bias, int outputs)
    {
        if (bias.Length != outputs && bias.Length != 1)
            throw new NodeNotSupportedException($"its bias has shape [{Extents.Text(bias.Shape)}]; expected one number for each of the {outputs} outputs");
        return bias.Length == outputs ? bias.Data : [.. Enumerable.Repeat(bias.Data[0], outputs)];
    }

    // W X = (Xᵀ Wᵀ)ᵀ, and a transposition costs nothing.
    private static ActivationValue FromLeft(NodeContext node, ConstantValue weight, ActivationValue x)
    {
        int[] swap = Extents.Ascending(x.Rank);
        (swap[^1], swap[^2]) = (swap[^2], swap[^1]);
        return ShapeOperators.Transposed(Dense(node, ShapeOperators.Transposed(x, swap), weight, 0, true, null), swap);
    }

    /// <summary>Products of matrices of two results; leading axes are repeated to a common shape.</summary>
    private static ActivationValue Product(NodeContext node, ActivationValue x, ActivationValue y)
    {
        if (x.Rank < 2 || y.Rank < 2)
            throw new NodeNotSupportedException("a product of two results takes matrices");
        int rows = x.Shape[^2], inner = x.Shape[^1], columns = y.Shape[^1];
        if (y.Shape[^2] != inner)
            throw new NodeNotSupportedException($"matrices of {rows} × {inner} and {y.Shape[^2]} × {columns} have no product");
        int[] batch = Extents.Broadcast(x.Shape[..^2], y.Shape[..^2]);
        ImportBuilder builder = node.Builder;
        ActivationValue a = builder.Standard(builder.Broadcast(x, [.. batch, rows, inner], node.Name), $"{node.Name}/left");
        ActivationValue b = builder.Standard(builder.Broadcast(y, [.. batch, inner, columns], node.Name), $"{node.Name}/right");
        if (a.Samples != b.Samples || a.BatchAxis >= batch.Length)
            throw new NodeNotSupportedException("it mixes samples: the product of two results is imported where samples are counted by a leading axis of both");
        int joined = builder.Concatenate([a, b], node.Name);
        int[] shape = [.. batch, rows, columns];
        builder.Reserve(Extents.Product(shape));
        int boundary = builder.Network.Add(joined, new BatchedProductLayer(builder.LayerName(node.Name), Extents.Product(batch), rows, inner, columns));
        return new ActivationValue(boundary, shape, Extents.Ascending(shape.Length), a.Samples);
    }

    private static ActivationValue Scaled(NodeContext node, ActivationValue x, double factor, string what) =>
        factor == 1.0 ? x : node.Builder.Affine(x, factor, 0.0, $"{node.Name}/{what}");

    private static bool IsMatrix(ConstantValue constant) => constant.Rank >= 2 && constant.Shape[..^2].All(static extent => extent == 1);

    private static ConstantValue RequireMatrix(ConstantValue constant) =>
        IsMatrix(constant) ? constant.Reshaped(constant.Shape[^2..]) : throw new NodeNotSupportedException($"its weight has shape [{Extents.Text(constant.Shape)}]; expected a matrix");

    // A constant of matrices, one for each head: a result that is the same for every sample.
    private static ActivationValue Beside(NodeContext node, ActivationValue x, ConstantValue constant)
    {
        ConstantValue matrices = node.Builder.Once(constant.Rank < x.Rank ? constant.Reshaped(Extents.Aligned(constant.Shape, x.Rank)) : constant, x);
        int axis = x.BatchAxis + matrices.Rank - x.Rank;
        if (axis >= matrices.Rank - 2 || matrices.Shape[axis] != x.Shape[x.BatchAxis])
            throw new NodeNotSupportedException($"its constant of shape [{Extents.Text(constant.Shape)}] does not fit the result beside it");
        return node.Builder.Result(matrices, x, x.Samples.At(axis), node.Name);
    }

    private static ConstantValue ConstantProduct(ConstantValue a, ConstantValue b)
    {
        if (a.Rank != 2 || b.Rank != 2 || a.Shape[1] != b.Shape[0])
            throw new NodeNotSupportedException($"constants of shapes [{Extents.Text(a.Shape)}] and [{Extents.Text(b.Shape)}] are multiplied; expected two matrices that fit");
        int rows = a.Shape[0], inner = a.Shape[1], columns = b.Shape[1];
        double[] product = new double[Extents.Product([rows, columns])];
        for (int i = 0; i < product.Length; i++)
        {
            (int row, int column) = Math.DivRem(i, columns);
            for (int k = 0; k < inner; k++)
                product[i] += a.Data[(row * inner) + k] * b.Data[(k * columns) + column];
        }
        return new ConstantValue([rows, columns], product);
    }
}
