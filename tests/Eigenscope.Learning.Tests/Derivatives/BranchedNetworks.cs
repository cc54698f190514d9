using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Tests.Derivatives;

/// <summary>Descriptions of networks that branch, join and map as imported graphs do: every join, every function and every product of activations.</summary>
internal static class BranchedNetworks
{
    private const int Tokens = 3;
    private const int Heads = 2;
    private const int HeadWidth = 2;
    private const int Model = Heads * HeadWidth;
    private static readonly ImageShape Features = new(6, 1, 1);
    private static readonly ImageShape Sequence = new(Tokens * Model, 1, 1);

    public static readonly (string Name, ImageShape Input, string Loss, Action<INetworkDescription> Describe)[] All =
    [
        ("three branches side by side, one result read thrice", Features, "cross-entropy", ThreeBranches),
        ("the input beside what is made of it", Features, "mse", static n => n.Dense(Tanh(n, n.Dense(BesideInput(n), 5)), 3)),
        ("the input plus what is made of it, and beside it", Features, "cross-entropy", InputPlus),
        ("results side by side with none that moves, twice over", Features, "cross-entropy", Nested),
        ("gates", Features, "cross-entropy", static n => n.Dense(n.Product(n.Function(n.Dense(n.Input, 5), new SigmoidFunction()), Tanh(n, n.Dense(n.Input, 5))), 3)),
        ("products with the input and of products", Features, "mse", Products),
        ("attention of two heads under a mask", Sequence, "cross-entropy", Attention),
        ("batched products of unequal extents", Features, "mse", static n => n.Dense(n.BatchedProduct(Tanh(n, n.Dense(n.Input, 12)), n.Dense(n.Input, 6), 2, 2, 3, 1), 3)),
        ("one weight at every position", Sequence, "cross-entropy", static n => n.Dense(n.Reduce(Tanh(n, n.TokenDense(Relu(n, n.TokenDense(n.Input, 5, Tokens)), 3, Tokens, bias: false)), 3, 1.0 / Tokens, [.. Enumerable.Range(0, 9).Select(static i => i % 3)]), 3)),
        ("softmax and its logarithm inside", Features, "cross-entropy", static n => n.Dense(n.LogSoftmax(n.Dense(n.Softmax(n.Dense(n.Input, 6), 3), 4), 2), 3)),
        ("the logarithm of a softmax at the end", Features, "mse", static n => n.LogSoftmax(n.Dense(Tanh(n, n.Dense(n.Input, 5)), 3), 3)),
        ("selection with repeats and zeros, sums, constants", Features, "cross-entropy", static n => n.Dense(Rearranged(n, Tanh(n, n.Dense(Rearranged(n, n.Dense(n.Input, 6)), 6))), 3)),
        ("smooth functions of one result", Features, "cross-entropy", static n => n.Dense(Each(n, n.Dense(n.Input, 3), new EluFunction(0.7), new EluFunction(1.6732632423543772, 1.0507009873554805), new SigmoidFunction(), new SoftplusFunction(), new ErfFunction()), 3)),
        ("more smooth functions of one result", Features, "mse", static n => n.Dense(Each(n, n.Dense(n.Input, 3), new GeluTanhFunction(), new ExpFunction(), new SquareFunction(), new HardSwishFunction()), 3)),
        ("functions of positive numbers", Features, "mse", static n => n.Dense(Each(n, Positive(n, n.Dense(n.Input, 3)), new LogFunction(), new SqrtFunction(), new ReciprocalFunction(), new PowerFunction(1.7), new PowerFunction(-0.5)), 3)),
        ("piecewise linear functions of one result", Features, "cross-entropy", static n => n.Dense(Each(n, n.Dense(n.Input, 3), new LeakyReluFunction(0.2), new HardSigmoidFunction(0.4), new AbsFunction(), new ClipFunction(-0.4), new ClipFunction(-0.5, 0.6)), 3)),
    ];

    private static void ThreeBranches(INetworkDescription n)
    {
        int a = Tanh(n, n.Dense(n.Input, 4));
        int b = Relu(n, n.Dense(a, 3));
        int c = n.Activation(n.Dense(a, 5), Activation.Gelu);
        n.Dense(Tanh(n, n.Dense(n.Concat(b, a, c), 4)), 3);
    }

    private static int BesideInput(INetworkDescription n)
    {
        int h = Tanh(n, n.Dense(n.Input, 4));
        return n.Concat(h, n.Input, Relu(n, n.Dense(h, 3)));
    }

    private static void InputPlus(INetworkDescription n)
    {
        int sum = n.Sum(n.Input, n.Dense(Tanh(n, n.Dense(n.Input, 4)), 6));
        n.Dense(n.Concat(Tanh(n, sum), n.Input), 3);
    }

    // The first branch has no parameters: nothing of it moves in any product.
    private static void Nested(INetworkDescription n)
    {
        int still = n.Function(n.Input, new SquareFunction());
        int inner = n.Concat(still, Tanh(n, n.Dense(still, 3)));
        int outer = n.Concat(inner, n.Dense(inner, 2), still);
        n.Dense(Tanh(n, n.Dense(outer, 4)), 3);
    }

    private static void Products(INetworkDescription n)
    {
        int first = n.Product(n.Input, n.Dense(n.Input, 6));
        int second = n.Product(first, Tanh(n, n.Dense(first, 6)));
        n.Dense(second, 3);
    }

    private static void Attention(INetworkDescription n)
    {
        int queries = n.Select(n.TokenDense(n.Input, Model, Tokens), [.. ByHead((t, h, k) => (((h * Tokens) + t) * HeadWidth) + k)]);
        int keys = n.Select(n.TokenDense(n.Input, Model, Tokens), [.. ByHead((t, h, k) => (((h * HeadWidth) + k) * Tokens) + t)]);
        int values = n.Select(n.TokenDense(n.Input, Model, Tokens), [.. ByHead((t, h, k) => (((h * Tokens) + t) * HeadWidth) + k)]);
        int scores = n.BatchedProduct(queries, keys, Heads, Tokens, HeadWidth, Tokens);
        double[] scale = [.. Enumerable.Repeat(1.0 / Math.Sqrt(HeadWidth), Heads * Tokens * Tokens)];
        // No token sees a later one.
        double[] mask = [.. Enumerable.Range(0, scale.Length).Select(static i => i % Tokens > i / Tokens % Tokens ? double.NegativeInfinity : 0.0)];
        int mixed = n.BatchedProduct(n.Softmax(n.Affine(scores, scale, mask), Tokens), values, Heads, Tokens, Tokens, HeadWidth);
        int together = n.Select(mixed, [.. Enumerable.Range(0, Tokens * Model).Select(static i => ((((i % Model / HeadWidth) * Tokens) + (i / Model)) * HeadWidth) + (i % HeadWidth))]);
        int block = n.Sum(n.Input, n.TokenDense(together, Model, Tokens));
        n.Dense(n.Reduce(Tanh(n, block), Model, 1.0 / Tokens, [.. Enumerable.Range(0, Tokens * Model).Select(static i => i % Model)]), 3);
    }

    // Index i of the result of a selection holds where entry i comes from: tokens × (heads × width) made what the place of (token, head, entry) says.
    private static int[] ByHead(Func<int, int, int, int> place)
    {
        int[] indices = new int[Tokens * Model];
        for (int i = 0; i < indices.Length; i++)
            indices[place(i / Model, i % Model / HeadWidth, i % HeadWidth)] = i;
        return indices;
    }

    private static int Rearranged(INetworkDescription n, int source)
    {
        int selected = n.Select(source, 5, -1, 0, 0, 3, 2, -1, 0, 4);
        int affine = n.Affine(selected, [1.0, 2.0, -0.5, 0.0, 1.5, 1.0, 3.0, 0.7, -1.0], [0.0, 0.3, 0.1, -0.2, 0.0, 1.0, -1.0, 0.5, 0.25]);
        return n.Reduce(affine, 6, 0.8, 0, 1, 2, 2, 3, 4, 5, 5, 5);
    }

    private static int Positive(INetworkDescription n, int source) =>
        n.Affine(n.Function(source, new SoftplusFunction()), [1.0, 0.5, 2.0], [0.5, 0.25, 0.75]);

    private static int Each(INetworkDescription n, int source, params ScalarFunction[] functions) => n.Concat([.. functions.Select(function => n.Function(source, function))]);

    private static int Relu(INetworkDescription n, int source) => n.Activation(source, Activation.Relu);

    private static int Tanh(INetworkDescription n, int source) => n.Activation(source, Activation.Tanh);
}
