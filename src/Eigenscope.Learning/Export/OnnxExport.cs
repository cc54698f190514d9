using Eigenscope.Formats.Onnx;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Export;

/// <summary>
/// Writes networks as ONNX models of version 17 of the operators, with any number of samples. Images are channels-first outside, as ONNX has them; parameters keep their names, weights of dense layers are (outputs, inputs), of convolutions
/// (outputs, inputs of a group, rows, columns). Batch normalisation and dropout are as in measurements: stored statistics, nothing dropped.
/// </summary>
public static class OnnxExport
{
    /// <summary>The version of the operators that models are written in.</summary>
    public const int Opset = 17;

    private const int FileVersion = 8;

    /// <summary>The ONNX model of a network.</summary>
    /// <param name="network">The network: one that this library builds.</param>
    /// <param name="state">Its parameters, then its statistics.</param>
    /// <param name="options">Precision, input scaling, names; null for the defaults.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ArgumentException">The state or the scaling does not fit the network, or the type of numbers is no float.</exception>
    /// <exception cref="OnnxExportException">The network holds layers that cannot be written: all of them are listed.</exception>
    public static OnnxModel Export(Network network, ReadOnlySpan<double> state, OnnxExportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        options ??= new OnnxExportOptions();
        Check(network, state.Length, options);
        string[] unknown = [.. network.Layers.Where(static layer => !ExportedLayers.CanWrite(layer)).Select(static layer => $"'{layer.Name}' ({layer.GetType().Name})")];
        if (unknown.Length > 0)
            throw new OnnxExportException($"ONNX models are not written of these layers: {string.Join(", ", unknown)}");
        GraphWriter graph = new(network, state.ToArray(), options);
        for (int i = 0; i < network.Layers.Count; i++)
            graph.Set(i + 1, ExportedLayers.Write(graph, network.Layers[i], [.. network.Sources(i).ToArray().Select(graph.At)]));
        return new OnnxModel
        {
            IrVersion = FileVersion,
            Producer = options.Producer,
            Opsets = new Dictionary<string, long>(StringComparer.Ordinal) { [""] = Opset },
            Graph = graph.Finish(),
        };
    }

    private static void Check(Network network, int stateLength, OnnxExportOptions options)
    {
        if (stateLength != network.StateLength)
            throw new ArgumentException($"expected {network.StateLength} numbers, got {stateLength}", nameof(options));
        if (options.Element is not (OnnxElement.Float32 or OnnxElement.Float64))
            throw new ArgumentException($"expected Float32 or Float64, got {options.Element}", nameof(options));
        if (options.InputMeans is null != options.InputScales is null || (options.InputMeans is { } means && (means.Count != network.InputSize || options.InputScales!.Count != network.InputSize)))
            throw new ArgumentException($"expected as many means as scales, {network.InputSize}, or none of either", nameof(options));
    }
}
