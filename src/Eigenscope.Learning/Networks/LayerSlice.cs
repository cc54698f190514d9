using Eigenscope.Learning.Derivatives;
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

/// <summary>A direction in parameter space, of which only the active blocks are non-zero; by default none.</summary>
internal readonly ref struct ParameterTangent<T>
    where T : unmanaged
{
    private readonly ReadOnlySpan<T> _values;
    private readonly ParameterPlaces _places;

    /// <summary>A direction over consecutive blocks, the first of which begins at <paramref name="offset"/> of the flat vector.</summary>
    public ParameterTangent(ReadOnlySpan<T> values, int offset, ReadOnlySpan<bool> active)
    {
        _values = values;
        _places = new ParameterPlaces(offset, active);
    }

    /// <summary>A direction over the blocks of a scope, one after another.</summary>
    public ParameterTangent(ReadOnlySpan<T> values, ParameterScope scope)
    {
        _values = values;
        _places = new ParameterPlaces(scope);
    }

    public bool IsActive(int blockIndex) => !_values.IsEmpty && _places.IsActive(blockIndex);

    public ReadOnlySpan<T> Block(ParameterBlock block) => _values.Slice(_places.Start(block), block.Length);
}

/// <summary>Where gradients of the active blocks are accumulated.</summary>
internal readonly ref struct ParameterGradient<T>
    where T : unmanaged
{
    private readonly Span<T> _values;
    private readonly ParameterPlaces _places;

    /// <summary>Gradients of consecutive blocks, the first of which begins at <paramref name="offset"/> of the flat vector.</summary>
    public ParameterGradient(Span<T> values, int offset, ReadOnlySpan<bool> active)
    {
        _values = values;
        _places = new ParameterPlaces(offset, active);
    }

    /// <summary>Gradients of the blocks of a scope, one after another.</summary>
    public ParameterGradient(Span<T> values, ParameterScope scope)
    {
        _values = values;
        _places = new ParameterPlaces(scope);
    }

    public bool IsActive(int blockIndex) => !_values.IsEmpty && _places.IsActive(blockIndex);

    public Span<T> Block(ParameterBlock block) => _values.Slice(_places.Start(block), block.Length);
}

/// <summary>Which blocks a vector holds, and where each begins in it.</summary>
internal readonly ref struct ParameterPlaces
{
    private readonly ReadOnlySpan<bool> _active;
    private readonly ParameterScope? _scope;
    private readonly int _offset;

    public ParameterPlaces(int offset, ReadOnlySpan<bool> active)
    {
        _offset = offset;
        _active = active;
    }

    public ParameterPlaces(ParameterScope scope)
    {
        _scope = scope;
        _active = scope.Active;
    }

    public bool IsActive(int blockIndex) => _active[blockIndex];

    public int Start(ParameterBlock block) => _scope is null ? block.Offset - _offset : _scope.StartOf(block);
}
