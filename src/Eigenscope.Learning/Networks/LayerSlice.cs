using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Networks;

/// <summary>What a linearised slice of samples remembers of one layer. Where a layer works in place, input and output are the same memory.</summary>
internal readonly ref struct LayerSlice<T>
    where T : unmanaged
{
    public required ReadOnlyMatrixSpan<T> Input { get; init; }

    public required ReadOnlyMatrixSpan<T> Output { get; init; }

    /// <summary>Cotangent of the loss at the layer's input; empty below the first layer with parameters.</summary>
    public required ReadOnlyMatrixSpan<T> InputCotangent { get; init; }

    /// <summary>Cotangent of the loss at the layer's output, valid only where the layer does not work in place.</summary>
    public required ReadOnlyMatrixSpan<T> OutputCotangent { get; init; }

    public required Span<T> Stash { get; init; }
}

/// <summary>A direction in parameter space, of which only the active blocks are non-zero.</summary>
internal readonly ref struct ParameterTangent<T>(ReadOnlySpan<T> values, int offset, ReadOnlySpan<bool> active)
    where T : unmanaged
{
    private readonly ReadOnlySpan<T> _values = values;
    private readonly ReadOnlySpan<bool> _active = active;

    public bool IsActive(int blockIndex) => _active[blockIndex];

    public ReadOnlySpan<T> Block(ParameterBlock block) => _values.Slice(block.Offset - offset, block.Length);
}

/// <summary>Where gradients of the active blocks are accumulated.</summary>
internal readonly ref struct ParameterGradient<T>(Span<T> values, int offset, ReadOnlySpan<bool> active)
    where T : unmanaged
{
    private readonly Span<T> _values = values;
    private readonly ReadOnlySpan<bool> _active = active;

    public bool IsActive(int blockIndex) => !_values.IsEmpty && _active[blockIndex];

    public Span<T> Block(ParameterBlock block) => _values.Slice(block.Offset - offset, block.Length);
}
