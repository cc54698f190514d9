using System.IO.Enumeration;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Derivatives;

/// <summary>
/// Which parameters an operator sees: some of a network's blocks, one after another in the order of the flat vector, whether or not they are neighbours there. Resolved once, so that products carry no names.
/// </summary>
public sealed class ParameterScope
{
    /// <summary>The name of the scope of all parameters.</summary>
    public const string AllName = "all";

    private readonly int[] _offsets;
    private readonly int[] _starts;

    private ParameterScope(Network network, string name, bool[] active)
    {
        Name = name;
        Active = active;
        Blocks = [.. network.Blocks.Where((_, index) => active[index])];
        _offsets = [.. Blocks.Select(static block => block.Offset)];
        _starts = new int[_offsets.Length];
        for (int i = 0; i < _starts.Length; i++)
        {
            _starts[i] = Length;
            Length += Blocks[i].Length;
        }
        SingleLayer = OnlyLayer(network);
        Moving = network.MovedBy(active);
    }

    /// <summary>What was asked for: "all", a name or a pattern.</summary>
    public string Name { get; }

    /// <summary>The blocks in the order of the flat vector; at least one.</summary>
    public IReadOnlyList<ParameterBlock> Blocks { get; }

    /// <summary>Number of parameters in the scope.</summary>
    public int Length { get; }

    /// <summary>One flag per parameter block of the network.</summary>
    internal bool[] Active { get; }

    /// <summary>Index of the layer that owns all of the blocks, or null where several own some.</summary>
    internal int? SingleLayer { get; }

    /// <summary>One flag per boundary: whether its value depends on an active block.</summary>
    internal bool[] Moving { get; }

    /// <summary>Finds the parameters that a name stands for.</summary>
    /// <param name="network">The network.</param>
    /// <param name="name">
    /// "all"; a parameter's name ("2.weight"); a layer's name ("2": all its parameters); or a pattern over parameter names, <c>*</c> any characters, <c>?</c> one ("stage1.*", "*.weight").
    /// Names are tried in this order; upper and lower case differ.
    /// </param>
    /// <returns>The scope.</returns>
    /// <exception cref="ArgumentException">Nothing has that name or matches the pattern; the message lists the layers and parameters.</exception>
    public static ParameterScope Resolve(Network network, string name)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentException.ThrowIfNullOrEmpty(name);
        bool[] active = Select(network, name);
        return active.Contains(true) ? new ParameterScope(network, name, active) : throw Unknown(network, name);
    }

    /// <summary>The scope of given parameters.</summary>
    /// <param name="network">The network.</param>
    /// <param name="name">What to call it.</param>
    /// <param name="blocks">Some of the network's parameters, at least one.</param>
    /// <returns>The scope; its order is that of the flat vector, whatever the order given.</returns>
    /// <exception cref="ArgumentException">No parameters, or one that is not the network's.</exception>
    public static ParameterScope Of(Network network, string name, IReadOnlyList<ParameterBlock> blocks)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(blocks);
        HashSet<ParameterBlock> chosen = [.. blocks];
        if (chosen.Count == 0 || !chosen.IsSubsetOf(network.Blocks))
            throw new ArgumentException($"expected at least one parameter, and only parameters of the network; got {blocks.Count}", nameof(blocks));
        return new ParameterScope(network, name, Where(network, chosen.Contains));
    }

    /// <summary>Copies the scope's entries out of a vector over all parameters.</summary>
    /// <param name="all">p entries.</param>
    /// <param name="scoped"><see cref="Length"/> entries, overwritten.</param>
    public void Gather(ReadOnlySpan<double> all, Span<double> scoped)
    {
        for (int i = 0; i < _starts.Length; i++)
            all.Slice(_offsets[i], Blocks[i].Length).CopyTo(scoped.Slice(_starts[i], Blocks[i].Length));
    }

    /// <summary>Index at which an active block begins in the scope's own vectors.</summary>
    internal int StartOf(ParameterBlock block) => _starts[Array.BinarySearch(_offsets, block.Offset)];

    private static bool[] Select(Network network, string name)
    {
        if (string.Equals(name, AllName, StringComparison.Ordinal))
            return [.. Enumerable.Repeat(true, network.Blocks.Count)];
        bool[] named = Where(network, block => string.Equals(block.Name, name, StringComparison.Ordinal));
        if (named.Contains(true))
            return named;
        HashSet<ParameterBlock> owned = [.. network.Layers.Where(layer => string.Equals(layer.Name, name, StringComparison.Ordinal)).SelectMany(static layer => layer.Parameters)];
        if (owned.Count > 0)
            return Where(network, owned.Contains);
        return name.AsSpan().ContainsAny('*', '?') ? Where(network, block => FileSystemName.MatchesSimpleExpression(name, block.Name, ignoreCase: false)) : [];
    }

    private static bool[] Where(Network network, Func<ParameterBlock, bool> predicate) => [.. network.Blocks.Select(predicate)];

    private static ArgumentException Unknown(Network network, string name)
    {
        string layers = string.Join(", ", network.Layers.Where(static layer => layer.Parameters.Count > 0).Select(static layer => layer.Name));
        string parameters = string.Join(", ", network.Blocks.Select(static block => block.Name));
        return new ArgumentException($"no parameters are named '{name}' or match it; expected \"{AllName}\", a layer ({layers}), a parameter ({parameters}), or a pattern like \"*.weight\"", nameof(name));
    }

    private int? OnlyLayer(Network network)
    {
        int first = network.LayerOf(Blocks[0].Name);
        return Blocks.All(network.Layers[first].Parameters.Contains) ? first : null;
    }
}
