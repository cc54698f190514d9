using Eigenscope.Formats.Onnx;

namespace Eigenscope.Learning.Import;

/// <summary>What of a graph is imported: the one input, the output followed, and the nodes between them with known patterns put together.</summary>
internal sealed class GraphPlan
{
    private const int MostSampleEntries = 1 << 27;

    public required OnnxModel Model { get; init; }

    public required OnnxValue Input { get; init; }

    /// <summary>Extents of one sample.</summary>
    public required int[] SampleShape { get; init; }

    /// <summary>The number of samples that the model was exported for; 1 where it takes any number.</summary>
    public required long FixedBatch { get; init; }

    /// <summary>The output of the file.</summary>
    public required string OutputName { get; init; }

    /// <summary>The result that the logits are: the output, or what a trailing softmax reads.</summary>
    public required string Logits { get; init; }

    public required IReadOnlyList<OnnxNode> Nodes { get; init; }

    /// <summary>For inputs of nodes that were put together (the node's first result, the input): what reads them in the file.</summary>
    public required IReadOnlyDictionary<(string Node, int Input), (string Reader, int Input)> Readers { get; init; }

    public required IReadOnlyList<string> Notes { get; init; }

    public static GraphPlan Of(OnnxModel model, OnnxImportOptions options)
    {
        (int oldest, int newest) = OnnxImport.Opsets;
        if (model.Opset < oldest || model.Opset > newest)
            throw new OnnxImportException($"the model uses version {model.Opset} of the operators; expected {oldest} to {newest}: export it again with opset_version={Math.Clamp(model.Opset, oldest, newest)}");
        List<string> notes = [];
        OnnxGraph graph = model.Graph;
        OnnxValue output = ChooseOutput(graph, options.Output, notes);
        TrailingSoftmax.Result end = TrailingSoftmax.Leave(graph, output.Name, options.KeepSoftmax);
        notes.AddRange(end.Notes);
        OnnxNode[] needed = GraphPatterns.NodesFor(graph.Nodes, end.Logits);
        OnnxValue input = ChooseInput(graph, needed, end.Logits);
        Dictionary<(string Node, int Input), (string Reader, int Input)> readers = [];
        return new GraphPlan
        {
            Model = model,
            Input = input,
            SampleShape = ShapeOfSample(input, options.SampleShape),
            FixedBatch = input.Shape is [{ Value: > 1 and long batch }, ..] ? batch : 1,
            OutputName = output.Name,
            Logits = end.Logits,
            Nodes = GraphPatterns.Fuse(needed, graph, end.Logits, readers),
            Readers = readers,
            Notes = notes,
        };
    }

    private static OnnxValue ChooseOutput(OnnxGraph graph, string? wanted, List<string> notes)
    {
        if (wanted is not null)
        {
            return graph.Outputs.FirstOrDefault(output => string.Equals(output.Name, wanted, StringComparison.Ordinal))
                ?? throw new OnnxImportException($"the model has no output '{wanted}'; it has {string.Join(", ", graph.Outputs.Select(static output => $"'{output.Name}'"))}");
        }
        OnnxValue chosen = graph.Outputs.FirstOrDefault(static output => !ConstantOperators.IsWhole(output.Element) && output.Element != OnnxElement.Text) ?? throw new OnnxImportException("the model has no output of floating-point numbers; expected logits");
        if (graph.Outputs.Count > 1)
            notes.Add($"of the outputs {string.Join(", ", graph.Outputs.Select(static output => $"'{output.Name}'"))}, '{chosen.Name}' is followed");
        return chosen;
    }

    private static OnnxValue ChooseInput(OnnxGraph graph, OnnxNode[] needed, string logits)
    {
        HashSet<string> read = [.. needed.SelectMany(static node => node.Inputs), logits];
        OnnxValue[] inputs = [.. graph.FreeInputs.Where(input => read.Contains(input.Name))];
        if (inputs.Length != 1)
            throw new OnnxImportException($"the output depends on {inputs.Length} inputs ({string.Join(", ", inputs.Select(static input => $"'{input.Name}'"))}); expected one, the samples: export the model with the others as constants");
        if (!ConstantOperators.IsReal(inputs[0].Element))
            throw new OnnxImportException($"input '{inputs[0].Name}' is of {inputs[0].Element}; expected floating-point numbers: export the part of the model after the lookup of its embeddings");
        return inputs[0];
    }

    private static int[] ShapeOfSample(OnnxValue input, IReadOnlyList<int>? given)
    {
        if (input.Shape is null && given is not null)
            return Bounded([.. given], input);
        if (input.Shape is null || input.Shape.Count < 2)
        {
            throw new OnnxImportException($"input '{input.Name}' has {(input.Shape is null ? "no shape" : $"{input.Shape.Count} axes")}; expected samples along the first axis and their entries along others");
        }
        int[] shape = new int[input.Shape.Count - 1];
        if (given is not null && given.Count != shape.Length)
            throw new OnnxImportException($"samples of shape [{string.Join(", ", given)}] do not fit input '{input.Name}' of {shape.Length} axes beside that of the samples");
        for (int i = 0; i < shape.Length; i++)
            shape[i] = Extent(input, i + 1, given?[i]);
        return Bounded(shape, input);
    }

    private static int[] Bounded(int[] shape, OnnxValue input) =>
        shape.All(static extent => extent >= 1) && shape.Aggregate(1L, static (product, extent) => Math.Min(product * extent, int.MaxValue)) <= MostSampleEntries
            ? shape
            : throw new OnnxImportException($"samples of shape [{string.Join(", ", shape)}] for input '{input.Name}' have an extent below 1, or too many entries");

    private static int Extent(OnnxValue input, int axis, int? given)
    {
        OnnxExtent extent = input.Shape![axis];
        if (extent.Value is null && given is null)
            throw new OnnxImportException($"axis {axis} of input '{input.Name}' is left open ('{extent.Symbol}'); expected the extents of a sample: export the model with only the axis of samples open");
        if (extent.Value is { } value && given is { } other && value != other)
            throw new OnnxImportException($"axis {axis} of input '{input.Name}' has extent {value}, but samples have {other}");
        long chosen = extent.Value ?? given!.Value;
        return chosen is >= 1 and <= int.MaxValue ? (int)chosen : throw new OnnxImportException($"axis {axis} of input '{input.Name}' has extent {chosen}; expected at least 1");
    }
}
