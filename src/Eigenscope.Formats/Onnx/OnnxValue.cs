namespace Eigenscope.Formats.Onnx;

/// <summary>A declared input or output of a graph.</summary>
public sealed record OnnxValue
{
    /// <summary>Name of the value.</summary>
    public required string Name { get; init; }

    /// <summary>Type of the entries; <see cref="OnnxElement.Unsupported"/> also where the value is no tensor (a sequence, a map).</summary>
    public required OnnxElement Element { get; init; }

    /// <summary>Extents, or null when the file declares none.</summary>
    public IReadOnlyList<OnnxExtent>? Shape { get; init; }
}
