namespace Eigenscope.Formats.Onnx;

/// <summary>One operator of a graph.</summary>
public sealed record OnnxNode
{
    /// <summary>Name of the node; may be empty, and need not be unique.</summary>
    public string Name { get; init; } = "";

    /// <summary>What it computes: <c>Gemm</c>, <c>Relu</c>, ….</summary>
    public required string Operator { get; init; }

    /// <summary>The operator's domain; empty for ONNX's own.</summary>
    public string Domain { get; init; } = "";

    /// <summary>Names of the values it reads, in the operator's order; an empty name is an optional input left out.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>Names of the values it makes; an empty name is an optional output not wanted.</summary>
    public required IReadOnlyList<string> Outputs { get; init; }

    /// <summary>Attributes by name.</summary>
    public IReadOnlyDictionary<string, OnnxAttribute> Attributes { get; init; } = new Dictionary<string, OnnxAttribute>(StringComparer.Ordinal);
}
