using Eigenscope.Formats.Onnx;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Import;
using Eigenscope.Learning.Losses;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Tests.Import;

/// <summary>What could be taken for something else: constants beside constants, the number of samples as a number, patterns that only look like one; against values worked out by hand.</summary>
public sealed class OnnxMeaningTests
{
    private static readonly double[] Sample = [0.5, -1.5, 2.0, 3.0];

    [Fact]
    public void A_bias_on_a_product_of_constants_is_not_lost()
    {
        OnnxModel model = new GraphOf(4).Tensor("p", 1, 2).Tensor("w", 2, 4).Tensor("b", 4)
            .Node("MatMul", ["p", "w"], ["t"]).Node("Add", ["t", "b"], ["table"]).Node("Add", ["x", "table"], ["y"]).Model();

        double[] p = [Math.Sin(1), Math.Sin(2)];
        double[] expected = [.. Enumerable.Range(0, 4).Select(j => Sample[j] + (p[0] * Math.Sin(1 + j)) + (p[1] * Math.Sin(5 + j)) + Math.Sin(1 + j))];
        AssertClose(expected, Outputs(model));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    public void A_constant_added_after_a_Gemm_is_not_scaled_by_its_beta(double beta)
    {
        OnnxModel model = new GraphOf(4).Tensor("w", 4, 2).Tensor("b", 2)
            .Node("Gemm", ["x", "w"], ["z"], ("beta", OnnxAttribute.Of(beta))).Node("Add", ["z", "b"], ["y"]).Model();

        AssertClose([.. Enumerable.Range(0, 2).Select(j => Enumerable.Range(0, 4).Sum(i => Sample[i] * Math.Sin((2 * i) + j + 1)) + Math.Sin(j + 1))], Outputs(model));
    }

    [Fact]
    public void An_Add_of_another_domain_is_not_taken_for_the_default_one()
    {
        OnnxModel model = new GraphOf(4).Tensor("w", 4, 2).Tensor("b", 2).Node("MatMul", ["x", "w"], ["z"]).Node("Add", ["z", "b"], ["y"]).Model();
        model = model with { Graph = model.Graph with { Nodes = [model.Graph.Nodes[0], model.Graph.Nodes[1] with { Domain = "com.acme" }] } };

        Assert.Contains("com.acme.Add", Refused(model), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, int.MaxValue, 1)]
    [InlineData(-1, int.MinValue, -1)]
    public void Some_of_the_samples_are_not_picked(long start, long end, long step)
    {
        OnnxModel model = new GraphOf(4).Integers("s", start).Integers("e", end).Integers("a", 0).Integers("t", step).Node("Slice", ["x", "s", "e", "a", "t"], ["y"]).Model();

        Assert.Contains("some of the samples", Refused(model), StringComparison.Ordinal);
    }

    [Fact]
    public void All_of_the_samples_may_be_picked()
    {
        OnnxModel model = new GraphOf(4).Integers("s", 0).Integers("e", long.MaxValue).Integers("a", 0).Node("Slice", ["x", "s", "e", "a"], ["y"]).Model();

        AssertClose(Sample, Outputs(model));
    }

    [Fact]
    public void One_of_the_samples_is_not_gathered()
    {
        OnnxModel model = new GraphOf(4).Integers("i", 0).Node("Transpose", ["x"], ["t"], ("perm", OnnxAttribute.Of([1, 0]))).Node("Gather", ["t", "i"], ["y"], ("axis", OnnxAttribute.Of(1))).Model();

        Assert.Contains("some of the samples", Refused(model), StringComparison.Ordinal);
    }

    [Fact]
    public void Half_the_number_of_samples_is_no_number()
    {
        // x.view(x.shape[0] // 2, 2, -1): samples in pairs.
        OnnxModel model = new GraphOf(4).Integers("zero", 0).Integers("two", 2).Integers("rest", -1)
            .Node("Shape", ["x"], ["s"]).Node("Gather", ["s", "zero"], ["n"]).Node("Div", ["n", "two"], ["half"])
            .Node("Concat", ["half", "two", "rest"], ["shape"], ("axis", OnnxAttribute.Of(0))).Node("Reshape", ["x", "shape"], ["y"]).Model();

        Assert.Contains("divides the number of samples", Refused(model), StringComparison.Ordinal);
    }

    [Fact]
    public void The_number_of_samples_is_not_computed_with()
    {
        OnnxModel model = new GraphOf(4).Integers("zero", 0)
            .Node("Shape", ["x"], ["s"]).Node("Gather", ["s", "zero"], ["n"]).Node("Cast", ["n"], ["f"], ("to", OnnxAttribute.Of(1)))
            .Node("Sqrt", ["f"], ["root"]).Node("Div", ["x", "root"], ["y"]).Model();

        Assert.Contains("number of samples", Refused(model), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_mask_does_not_choose_may_be_infinite()
    {
        OnnxTensor mask = OnnxTensor.FromIntegers("m", [4], [1, 0, 1, 1]), floor = OnnxTensor.FromDoubles("low", [1], [double.NegativeInfinity]);
        OnnxModel model = new GraphOf(4).Node("Where", ["m", "x", "low"], ["a"]).Node("Where", ["m", "a", "one"], ["y"]).Tensor("one", 1).Model();
        model = model with { Graph = model.Graph with { Initializers = [.. model.Graph.Initializers, mask, floor] } };

        AssertClose([Sample[0], Math.Sin(1), Sample[2], Sample[3]], Outputs(model));
    }

    [Fact]
    public void An_attribute_of_another_kind_is_refused()
    {
        OnnxModel model = new GraphOf(4).Tensor("w", 4, 2).Node("Gemm", ["x", "w"], ["y"], ("alpha", OnnxAttribute.Of(1L))).Model();

        Assert.Contains("'alpha' is of kind Integer; expected Number", Refused(model), StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_that_is_not_made_is_named_where_it_is_read()
    {
        OnnxModel model = new GraphOf(1, 4, 4).Node("MaxPool", ["x"], ["p", "where"], ("kernel_shape", OnnxAttribute.Of([2, 2]))).Node("Flatten", ["where"], ["y"]).Model();

        Assert.Contains("a result of MaxPool", Refused(model), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_where_numbers_are_read_is_refused()
    {
        OnnxModel model = new GraphOf(4).Node("LayerNormalization", ["x", "w"], ["y"]).Node("Constant", [], ["w"], ("value_string", OnnxAttribute.Of("no"))).Model();
        model = model with { Graph = model.Graph with { Nodes = [.. model.Graph.Nodes.Reverse()] } };

        Assert.Contains("no tensor of numbers", Refused(model), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_nodes_of_one_name_take_no_time_over_it()
    {
        const int Nodes = 20_000;
        GraphOf graph = new(2);
        for (int i = 0; i < Nodes; i++)
            graph.Node("Relu", [i == 0 ? "x" : $"r{i - 1}"], [i == Nodes - 1 ? "y" : $"r{i}"]);
        OnnxModel model = graph.Model();
        model = model with { Graph = model.Graph with { Nodes = [.. model.Graph.Nodes.Select(static node => node with { Name = "a" })] } };

        Assert.Equal($"a#{Nodes}", OnnxImport.Import(model).Network.Layers[^1].Name);
    }

    private static double[] Outputs(OnnxModel model)
    {
        // A product with the identity, so that there is a parameter.
        int size = OnnxImport.Import(model).Network.OutputSize;
        OnnxTensor identity = OnnxTensor.FromDoubles("identity", [size, size], [.. Enumerable.Range(0, size * size).Select(i => i % (size + 1) == 0 ? 1.0 : 0.0)]);
        OnnxNode product = new() { Operator = "MatMul", Inputs = ["y", "identity"], Outputs = ["same"] };
        model = model with { Graph = model.Graph with { Nodes = [.. model.Graph.Nodes, product], Initializers = [.. model.Graph.Initializers, identity], Outputs = [GraphOf.Value("same", OnnxElement.Float32, null, size)] } };
        ImportedModel imported = OnnxImport.Import(model);
        Compute compute = new(BlasBackends.Load(BlasChoice.Auto).Backend, 1);
        Objective objective = Objective.Create(imported.Network, new Tensor<double>([.. Sample], 1, Sample.Length), [0], new CrossEntropy(), compute, new ObjectiveOptions());
        return objective.Logits(imported.State).AsMatrix().Data.ToArray();
    }

    private static void AssertClose(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-6);
    }

    private static string Refused(OnnxModel model) => Assert.Throws<OnnxImportException>(() => OnnxImport.Import(model)).Message;
}
