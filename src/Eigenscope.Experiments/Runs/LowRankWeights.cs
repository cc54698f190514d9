using System.Globalization;
using Eigenscope.Experiments.Models;
using Eigenscope.Learning.Compression;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Execution;

namespace Eigenscope.Experiments.Runs;

/// <summary>The weights of a network as they could be cut. A plan of ranks has one entry for each weight: its rank, or 0 where it stays whole.</summary>
internal sealed class LowRankWeights(CompressibleModel model, Compute compute)
{
    private readonly WeightDecomposition[] _parts = [.. model.Network.WeightLayers.Where(static layer => WhyWhole(layer) is null).Select(layer => WeightDecomposition.Of(layer, model.State, compute))];

    /// <summary>The decompositions, input first.</summary>
    public IReadOnlyList<WeightDecomposition> Parts => _parts;

    /// <summary>Why a weight stays whole whatever its rank; null where it can be cut.</summary>
    public static string? WhyWhole(BilinearLayer layer) => layer switch
    {
        ConvolutionLayer { Shape.Groups: > 1 and var groups } => string.Create(CultureInfo.InvariantCulture, $"a convolution of {groups} groups is no product of two convolutions"),
        DenseLayer or ConvolutionLayer => null,
        _ => "it is not of a dense layer, nor of a convolution",
    };

    /// <summary>A plan with the rank that a function names for each weight, where factors of that rank save anything.</summary>
    public int[] Plan(Func<WeightDecomposition, int> rank) => [.. _parts.Select(part => rank(part) is var r && part.Saves(r) ? r : 0)];

    /// <summary>Parameters of the network of a plan.</summary>
    public int Parameters(int[] plan) => model.Network.ParameterCount - _parts.Select((part, l) => plan[l] > 0 ? part.Size(int.MaxValue) - part.Size(plan[l]) : 0).Sum();

    /// <summary>Share of all singular values that a plan keeps.</summary>
    public double SingularValuesKept(int[] plan) =>
        _parts.Select((part, l) => (double)(plan[l] > 0 ? plan[l] : part.SingularValues.Count)).Sum() / _parts.Sum(static part => part.SingularValues.Count);

    /// <summary>The state of the whole network with the weights of a plan cut: computes what its factors do, to rounding.</summary>
    public double[] Truncated(int[] plan)
    {
        double[] state = [.. model.State];
        for (int l = 0; l < plan.Length; l++)
        {
            if (plan[l] > 0)
                _parts[l].Truncate(plan[l], state, compute);
        }
        return state;
    }

    /// <summary>Ranks by layer names.</summary>
    public IReadOnlyDictionary<string, int> Ranks(int[] plan) =>
        _parts.Zip(plan).Where(static entry => entry.Second > 0).ToDictionary(static entry => entry.First.Layer.Name, static entry => entry.Second, StringComparer.Ordinal);

    /// <summary>The network of factors, and its state.</summary>
    public (Network Network, double[] State) Factored(int[] plan)
    {
        Network factored = model.Factored(Ranks(plan));
        return (factored, LowRankState.Of(model.Network, model.State, _parts, factored));
    }
}
