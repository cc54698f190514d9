using Eigenscope.Formats.Onnx;

namespace Eigenscope.Learning.Export;

/// <summary>How a network is written.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>Type of inputs, weights and logits: <see cref="OnnxElement.Float32"/> (default), which every runtime takes, or <see cref="OnnxElement.Float64"/>.</summary>
    public OnnxElement Element { get; init; } = OnnxElement.Float32;

    /// <summary>Subtracted from every entry of an input before anything else, one number per entry in the order of the samples; null (default) for none.</summary>
    public IReadOnlyList<double>? InputMeans { get; init; }

    /// <summary>What inputs are divided by after that; null exactly where <see cref="InputMeans"/> is.</summary>
    public IReadOnlyList<double>? InputScales { get; init; }

    /// <summary>Name of the input.</summary>
    public string InputName { get; init; } = "input";

    /// <summary>Name of the output.</summary>
    public string OutputName { get; init; } = "logits";

    /// <summary>Who wrote the file.</summary>
    public string Producer { get; init; } = "eigenscope";
}
