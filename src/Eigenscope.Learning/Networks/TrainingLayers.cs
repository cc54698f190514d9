namespace Eigenscope.Learning.Networks;

/// <summary>What a network's layers do differently in a training step.</summary>
internal static class TrainingLayers
{
    /// <summary>Whether any layer is applied differently in a training step.</summary>
    public static bool AnyIn(Network network) => network.Layers.Any(static layer => layer is BatchNormLayer or DropoutLayer);

    /// <summary>Whether any layer draws random numbers in a training step.</summary>
    public static bool AnyDrawsIn(Network network) => network.Layers.Any(static layer => layer is DropoutLayer);

    /// <summary>The fewest samples a training batch may have: a variance needs two numbers, and flat features give one per sample.</summary>
    public static int SmallestBatch(Network network) => network.Layers.Any(static layer => layer is BatchNormLayer norm && norm.InputSize == norm.Channels) ? 2 : 1;

    /// <summary>"batch normalisation ('norm1', 'norm2') and dropout ('drop1')".</summary>
    public static string Describe(Network network)
    {
        string[] kinds = [Describe<BatchNormLayer>(network, "batch normalisation"), Describe<DropoutLayer>(network, "dropout")];
        return string.Join(" and ", kinds.Where(static kind => kind.Length > 0));
    }

    private static string Describe<TLayer>(Network network, string kind)
        where TLayer : Layer
    {
        const int Named = 3;
        string[] names = [.. network.Layers.OfType<TLayer>().Select(static layer => $"'{layer.Name}'")];
        string more = names.Length > Named ? ", …" : "";
        return names.Length == 0 ? "" : $"{kind} ({string.Join(", ", names.Take(Named))}{more})";
    }
}
