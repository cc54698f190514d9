namespace Eigenscope.Formats.Onnx;

/// <summary>An ONNX model as its file has it: nothing is interpreted, folded or left out but what the types here have no place for (documentation, shapes of inner values).</summary>
public sealed record OnnxModel
{
    /// <summary>Version of ONNX's own format, ≥ 1; 8 goes with opset 17 and is what is written unless another is asked for.</summary>
    public long IrVersion { get; init; } = 8;

    /// <summary>The program that made the model; empty when the file does not say.</summary>
    public string Producer { get; init; } = "";

    /// <summary>Version of every set of operators in use, by domain; the default domain's name is empty (<c>ai.onnx</c> is read as empty too).</summary>
    public required IReadOnlyDictionary<string, long> Opsets { get; init; }

    /// <summary>The computation.</summary>
    public required OnnxGraph Graph { get; init; }

    /// <summary>Version of the default domain's operators; 1 when the file does not say, as the format has it.</summary>
    public long Opset => Opsets.TryGetValue("", out long version) ? version : 1;
}
