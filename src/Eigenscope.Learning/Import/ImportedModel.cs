using Eigenscope.Formats.Onnx;
using Eigenscope.Learning.Export;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Import;

/// <summary>A network that was read from a file, with its parameters and what the reader should be told about it.</summary>
public sealed record ImportedModel
{
    private readonly OnnxImportOptions _options;

    internal ImportedModel(OnnxModel source, OnnxImportOptions options, IReadOnlyDictionary<string, TensorPlace> places)
    {
        Source = source;
        _options = options;
        Places = places;
    }

    /// <summary>The network. Parameters have the file's own names; a layer is named after its weight, without a trailing ".weight".</summary>
    public required Network Network { get; init; }

    /// <summary>The parameters, then the statistics: <see cref="Network.StateLength"/> entries; all 0 where <see cref="OnnxImportOptions.Ranks"/> were given, whose factors the file does not have.</summary>
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

    /// <summary>The same network with ranks for some layers: each of those is a product of two, a right factor and a left one. It has no numbers.</summary>
    /// <param name="ranks">Ranks by names of layers.</param>
    /// <returns>The network.</returns>
    /// <exception cref="ArgumentException">A rank that no layer can have, or for a layer that is not there.</exception>
    public Network Factored(IReadOnlyDictionary<string, int> ranks) => OnnxImport.Import(Source, _options with { Ranks = ranks }).Network;

    /// <summary>
    /// The file's own graph with the parameters of a network in place of its own: of this one, or of one with ranks for some layers, whose nodes then become two. Everything else, names of inputs and outputs included, stays as it was.
    /// </summary>
    /// <param name="network">This network, or one of <see cref="Factored"/>.</param>
    /// <param name="state">Its parameters, then its statistics.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ArgumentException">The network is not of this model, or the state has another length.</exception>
    /// <exception cref="OnnxExportException">The graph holds something that is not written: inner graphs, or outputs that are no tensors.</exception>
    public OnnxModel Updated(Network network, ReadOnlySpan<double> state) => new GraphUpdate(this).Apply(network, state.ToArray());
}
