using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Derivatives;

/// <summary>Which parameters an operator sees: all of them, or one named block. Resolved once, so that products carry no names.</summary>
internal sealed class ParameterScope
{
    /// <summary>The name of the scope of all parameters.</summary>
    public const string AllName = "all";

    private ParameterScope(Network network, string name, int offset, int length, bool[] active)
    {
        Name = name;
        Offset = offset;
        Length = length;
        Active = active;
        LowestLayer = LowestActiveLayer(network, active);
        Moving = network.MovedBy(active);
    }

    public string Name { get; }

    public int Offset { get; }

    public int Length { get; }

    /// <summary>One flag per parameter block.</summary>
    public bool[] Active { get; }

    /// <summary>Index of the first layer that owns an active block: nothing below it moves.</summary>
    public int LowestLayer { get; }

    /// <summary>One flag per boundary: whether its value depends on an active block.</summary>
    public bool[] Moving { get; }

    public bool IsAll => string.Equals(Name, AllName, StringComparison.Ordinal);

    public static ParameterScope Resolve(Network network, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        bool[] active = new bool[network.Blocks.Count];
        if (string.Equals(name, AllName, StringComparison.Ordinal))
        {
            Array.Fill(active, true);
            return new ParameterScope(network, AllName, 0, network.ParameterCount, active);
        }
        network.LayerOf(name);
        int index = 0;
        while (!string.Equals(network.Blocks[index].Name, name, StringComparison.Ordinal))
            index++;
        active[index] = true;
        return new ParameterScope(network, name, network.Blocks[index].Offset, network.Blocks[index].Length, active);
    }

    private static int LowestActiveLayer(Network network, bool[] active)
    {
        int block = 0;
        for (int i = 0; i < network.Layers.Count; i++)
        {
            for (int j = 0; j < network.Layers[i].Parameters.Count; j++)
            {
                if (active[block++])
                    return i;
            }
        }
        return network.Layers.Count;
    }
}
