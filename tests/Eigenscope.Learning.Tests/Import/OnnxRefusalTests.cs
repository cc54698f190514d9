using Eigenscope.Formats.Onnx;
using Eigenscope.Learning.Import;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Tests.Import;

/// <summary>What cannot be imported is refused in one sentence that names every node of it; what asks for too much memory is refused before it is taken.</summary>
public sealed class OnnxRefusalTests
{
    [Fact]
    public void Every_unsupported_node_is_listed_and_nothing_that_follows_from_it()
    {
        OnnxModel model = new GraphOf(4).Tensor("w", 4, 3)
            .Node("LSTM", ["x"], ["a"]).Node("MatMul", ["a", "w"], ["b"])
            .Node("TopK", ["x"], ["c"]).Node("Add", ["b", "c"], ["y"]).Model();

        string message = Refused(model);

        Assert.Contains("2 nodes", message, StringComparison.Ordinal);
        Assert.Contains("'LSTM0' (LSTM)", message, StringComparison.Ordinal);
        Assert.Contains("'TopK2' (TopK)", message, StringComparison.Ordinal);
        Assert.DoesNotContain("MatMul", message, StringComparison.Ordinal);
        Assert.DoesNotContain("(Add)", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Operators_of_other_domains_are_named_with_them()
    {
        OnnxModel model = new GraphOf(4).Node("FusedMatMul", ["x"], ["y"]).Model();
        model = model with { Graph = model.Graph with { Nodes = [model.Graph.Nodes[0] with { Domain = "com.microsoft" }] } };

        Assert.Contains("com.microsoft.FusedMatMul", Refused(model), StringComparison.Ordinal);
    }

    [Fact]
    public void Nodes_that_the_output_does_not_need_may_be_anything()
    {
        OnnxModel model = new GraphOf(4).Tensor("w", 4, 3).Node("LSTM", ["x"], ["unused"]).Node("MatMul", ["x", "w"], ["y"]).Model();

        Assert.Equal(12, OnnxImport.Import(model).Network.ParameterCount);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(22)]
    public void Versions_of_the_operators_outside_those_known_are_refused(long opset) =>
        Assert.Contains("expected 9 to 21", Refused(new GraphOf(4).Node("Relu", ["x"], ["y"]).Model(opset: opset)), StringComparison.Ordinal);

    [Fact]
    public void Two_inputs_of_samples_are_refused() =>
        Assert.Contains("'x', 'other'", Refused(new GraphOf(4).Input(GraphOf.Value("other", OnnxElement.Float32, null, 4)).Node("Add", ["x", "other"], ["y"]).Model()), StringComparison.Ordinal);

    [Fact]
    public void Whole_numbers_as_samples_are_refused_with_what_to_do()
    {
        OnnxModel model = new GraphOf(4).Node("Relu", ["x"], ["y"]).Model();
        model = model with { Graph = model.Graph with { Inputs = [GraphOf.Value("x", OnnxElement.Int64, null, 4)] } };

        Assert.Contains("embeddings", Refused(model), StringComparison.Ordinal);
    }

    [Fact]
    public void An_open_extent_asks_for_the_shape_of_a_sample_and_takes_it()
    {
        OnnxModel model = new GraphOf(4).Node("Relu", ["x"], ["y"]).Model();
        model = model with { Graph = model.Graph with { Inputs = [GraphOf.Value("x", OnnxElement.Float32, null, null)] } };

        Assert.Contains("axis 1 of input 'x' is left open", Refused(model), StringComparison.Ordinal);
        Assert.Equal([7], OnnxImport.Import(model, new OnnxImportOptions { SampleShape = [7] }).InputShape);
    }

    [Theory]
    [InlineData("ReduceMean", 0)]
    [InlineData("Softmax", 0)]
    public void Work_along_the_axis_of_the_samples_is_refused(string type, long axis)
    {
        (string, OnnxAttribute) where = type == "Softmax" ? ("axis", OnnxAttribute.Of(axis)) : ("axes", OnnxAttribute.Of([axis]));

        Assert.Contains("along the axis of the samples", Refused(new GraphOf(4).Node(type, ["x"], ["z"], where).Node("Relu", ["z"], ["y"]).Model()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_reading_in_another_shape_that_mixes_samples_is_refused()
    {
        // (N, 4, 6) turned to (4, N, 6) and read as (2, 2 N, 6) is clean; read as (N, 4, 6) it is not.
        OnnxModel turned = new GraphOf(4, 6).Integers("shape", 3, -1).Node("Transpose", ["x"], ["t"], ("perm", OnnxAttribute.Of([1, 0, 2]))).Node("Reshape", ["t", "shape"], ["y"]).Model();

        Assert.Contains("mixes samples", Refused(turned), StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_that_is_no_row_of_logits_is_refused() =>
        Assert.Contains("one row of logits", Refused(new GraphOf(4, 6).Node("Relu", ["x"], ["y"]).Model()), StringComparison.Ordinal);

    [Fact]
    public void An_output_that_no_sample_has_a_part_in_is_refused()
    {
        OnnxModel model = new GraphOf(4).Tensor("w", 1, 3).Node("Relu", ["w"], ["y"]).Model();

        Assert.Contains("depends on 0 inputs", Refused(model), StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_do_not_fit_are_told_with_both_sizes()
    {
        OnnxModel model = new GraphOf(4).Tensor("w", 5, 3).Node("MatMul", ["x", "w"], ["y"]).Model();

        Assert.Contains("takes 5 entries, but the result it reads has 4", Refused(model), StringComparison.Ordinal);
    }

    [Fact]
    public void A_convolution_whose_groups_do_not_fit_is_refused()
    {
        OnnxModel model = new GraphOf(3, 8, 8).Tensor("w", 4, 3, 3, 3).Node("Conv", ["x", "w"], ["y"], ("group", OnnxAttribute.Of(2))).Model();

        Assert.Contains("2 groups", Refused(model), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1L << 40)]
    [InlineData(long.MaxValue)]
    [InlineData(-5)]
    public void Extents_out_of_all_bounds_are_refused_without_taking_memory(long extent)
    {
        OnnxModel model = new GraphOf(4).Integers("shape", 1, extent).Node("Expand", ["x", "shape"], ["y"]).Model();
        long before = GC.GetAllocatedBytesForCurrentThread();

        Refused(model);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void Many_repetitions_that_are_each_allowed_reach_the_bound_on_their_sum()
    {
        GraphOf graph = new GraphOf(1).Integers("shape", 1, 1 << 20);
        for (int i = 0; i < 100; i++)
            graph.Node("Expand", ["x", "shape"], [$"e{i}"]).Node("Relu", [$"e{i}"], [$"r{i}"]);
        graph.Node("Concat", [.. Enumerable.Range(0, 100).Select(static i => $"r{i}")], ["y"], ("axis", OnnxAttribute.Of(1)));

        Assert.Contains("more than 16777216 entries", Assert.Throws<OnnxImportException>(() => OnnxImport.Import(graph.Model(), new OnnxImportOptions { MostEntries = 1 << 24 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trailing_softmax_is_left_off_and_said_and_kept_on_demand()
    {
        OnnxModel model = new GraphOf(4).Tensor("w", 4, 3).Node("MatMul", ["x", "w"], ["z"]).Node("Softmax", ["z"], ["y"]).Model();

        ImportedModel logits = OnnxImport.Import(model), probabilities = OnnxImport.Import(model, new OnnxImportOptions { KeepSoftmax = true });

        Assert.IsType<DenseLayer>(logits.Network.Layers[^1]);
        Assert.Contains("trailing Softmax", Assert.Single(logits.Notes), StringComparison.Ordinal);
        Assert.IsType<SoftmaxLayer>(probabilities.Network.Layers[^1]);
        Assert.Empty(probabilities.Notes);
    }

    [Fact]
    public void An_initialiser_that_two_nodes_read_becomes_two_parameters_and_is_said()
    {
        OnnxModel model = new GraphOf(4).Tensor("w", 4, 4).Node("MatMul", ["x", "w"], ["z"]).Node("Relu", ["z"], ["a"]).Node("MatMul", ["a", "w"], ["y"]).Model();

        ImportedModel imported = OnnxImport.Import(model);

        Assert.Equal(["w", "w#2"], imported.Network.Blocks.Select(static block => block.Name));
        Assert.Contains("read by several nodes", Assert.Single(imported.Notes), StringComparison.Ordinal);
    }

    private static string Refused(OnnxModel model) => Assert.Throws<OnnxImportException>(() => OnnxImport.Import(model)).Message;
}
