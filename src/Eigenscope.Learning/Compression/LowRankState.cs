using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Compression;

/// <summary>Fills a network of factors (<see cref="MlpOptions.Ranks"/>) from the network it was made of.</summary>
public static class LowRankState
{
    /// <summary>The state of the network with factors: of every layer with a rank the factors of the nearest weight of that rank, everything else as it was.</summary>
    /// <param name="network">The network as it was.</param>
    /// <param name="state">Its state: parameters, then statistics.</param>
    /// <param name="decompositions">Of the weights that became products, at least.</param>
    /// <param name="factored">The same network with ranks for some of its layers.</param>
    /// <returns>Its state.</returns>
    /// <exception cref="ArgumentException">The two networks differ in more than ranks, a decomposition is missing, or the state has another length.</exception>
    public static double[] Of(Network network, ReadOnlySpan<double> state, IReadOnlyList<WeightDecomposition> decompositions, Network factored)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(decompositions);
        ArgumentNullException.ThrowIfNull(factored);
        if (state.Length != network.StateLength)
            throw new ArgumentException($"expected {network.StateLength} numbers, got {state.Length}", nameof(state));
        Dictionary<string, ParameterBlock> whole = network.Blocks.Concat(network.Statistics).ToDictionary(static block => block.Name, StringComparer.Ordinal);
        double[] result = new double[factored.StateLength];
        foreach (ParameterBlock block in factored.Blocks.Concat(factored.Statistics).Where(block => whole.ContainsKey(block.Name)))
            Copy(whole[block.Name], block, state, result);
        foreach (BilinearLayer right in factored.WeightLayers.Where(layer => !whole.ContainsKey(layer.Weight.Name)))
        {
            WeightDecomposition? source = decompositions.FirstOrDefault(candidate => string.Equals(NetworkBuilder.RightName(candidate.Layer.Name), right.Name, StringComparison.Ordinal));
            if (source is not null)
                Fill(source, right, factored, state, result);
            else if (!decompositions.Any(candidate => string.Equals(NetworkBuilder.LeftName(candidate.Layer.Name), right.Name, StringComparison.Ordinal)))
                throw new ArgumentException($"there is no decomposition of the weight that layer '{right.Name}' is a factor of", nameof(decompositions));
        }
        return result;
    }

    private static void Fill(WeightDecomposition source, BilinearLayer right, Network factored, ReadOnlySpan<double> state, double[] result)
    {
        string name = NetworkBuilder.LeftName(source.Layer.Name);
        BilinearLayer left = factored.WeightLayers.First(layer => string.Equals(layer.Name, name, StringComparison.Ordinal));
        (Tensor<double> a, Tensor<double> b) = source.Factors(right.Weight.Shape[0]);
        a.Span.CopyTo(result.AsSpan(left.Weight.Offset, left.Weight.Length));
        b.Span.CopyTo(result.AsSpan(right.Weight.Offset, right.Weight.Length));
        if (left.Bias is { } bias)
            Copy(source.Layer.Bias!, bias, state, result);
    }

    private static void Copy(ParameterBlock from, ParameterBlock to, ReadOnlySpan<double> state, double[] result)
    {
        if (!from.Shape.SequenceEqual(to.Shape))
            throw new ArgumentException($"'{to.Name}' has shape [{string.Join(", ", to.Shape)}] in one network and [{string.Join(", ", from.Shape)}] in the other", nameof(to));
        state.Slice(from.Offset, from.Length).CopyTo(result.AsSpan(to.Offset, to.Length));
    }
}
