namespace Eigenscope.Formats.Onnx;

/// <summary>A graph of operators. As read from a file, every value has one maker, every input of a node is made before it, and every output is made.</summary>
public sealed record OnnxGraph
{
    /// <summary>Name of the graph.</summary>
    public string Name { get; init; } = "graph";

    /// <summary>The nodes, each after those whose outputs it reads.</summary>
    public required IReadOnlyList<OnnxNode> Nodes { get; init; }

    /// <summary>Constants and weights, with distinct names.</summary>
    public IReadOnlyList<OnnxTensor> Initializers { get; init; } = [];

    /// <summary>Inputs as declared. Old files (IR version below 4) list initializers here too; <see cref="FreeInputs"/> leaves them out.</summary>
    public required IReadOnlyList<OnnxValue> Inputs { get; init; }

    /// <summary>Outputs as declared.</summary>
    public required IReadOnlyList<OnnxValue> Outputs { get; init; }

    /// <summary>The inputs that have no initializer: what a caller has to give.</summary>
    public IReadOnlyList<OnnxValue> FreeInputs
    {
        get
        {
            HashSet<string> initialized = new(Initializers.Select(static tensor => tensor.Name), StringComparer.Ordinal);
            return [.. Inputs.Where(input => !initialized.Contains(input.Name))];
        }
    }
}
