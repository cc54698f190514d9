using Eigenscope.Formats.Onnx;
using Eigenscope.Learning.Export;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Import;

/// <summary>A network that was read from a file, with its parameters and what the reader should be told about it.</summary>
public sealed record ImportedModel
{
    internal ImportedModel(OnnxModel source, IReadOnlyDictionary<string, TensorPlace> places)
    {
        Source = source;
        Places = places;
    }

    /// <summary>The network. Parameters have the file's own names; a layer is named after its weight, without a trailing ".weight".</summary>
    public required Network Network { get; init; }

    /// <summary>The parameters, then the statistics: <see cref="Network.StateLength"/> entries.</summary>
    public required double[] State { get; init; }

    /// <summary>Name of the input.</summary>
    public required string InputName { get; init; }

    /// <summary>Extents of one sample as the file orders them, the batch left out: [3, 32, 32].</summary>
    public required IReadOnlyList<int> InputShape { get; init; }

    /// <summary>Name of the output that the logits are.</summary>
    public required string OutputName { get; init; }

    /// <summary>What was done that a reader might not expect, a sentence each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    internal OnnxModel Source { get; }

    /// <summary>Where the file has each parameter and statistic, by name.</summary>
    internal IReadOnlyDictionary<string, TensorPlace> Places { get; }

    /// <summary>
    /// The file's own graph with the parameters of a network in place of its own: of this one, or of one with ranks for some layers, whose nodes then become two. Everything else, names of inputs and outputs included, stays as it was.
    /// </summary>
    /// <param name="network">This network, or one that was imported of the same model with <see cref="OnnxImportOptions.Ranks"/>.</param>
    /// <param name="state">Its parameters, then its statistics.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ArgumentException">The network is not of this model, or the state has another length.</exception>
    public OnnxModel Updated(Network network, ReadOnlySpan<double> state) => new GraphUpdate(this).Apply(network, state.ToArray());
}
