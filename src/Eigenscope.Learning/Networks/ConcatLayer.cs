using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Networks;

/// <summary>Two or more earlier results side by side, [x₁ | x₂ | …]. Tangents likewise; of a cotangent, each source gets its range of columns.</summary>
public sealed class ConcatLayer : JoinLayer
{
    private readonly int[] _sizes;
    private readonly int[] _starts;

    internal ConcatLayer(string name, int[] sizes)
        : base(name, TotalOf(sizes))
    {
        _sizes = [.. sizes];
        _starts = new int[sizes.Length];
        for (int k = 1; k < sizes.Length; k++)
            _starts[k] = _starts[k - 1] + sizes[k - 1];
    }

    /// <summary>Entries per sample of each source, in their order.</summary>
    public IReadOnlyList<int> Sizes => _sizes;

    internal override bool ValueInPlace => false;

    internal override bool TangentInPlace => false;

    /// <summary>The columns of the joined rows that belong to one source.</summary>
    internal MatrixSpan<T> Part<T>(MatrixSpan<T> joined, int source)
        where T : unmanaged => joined.ColumnRange(_starts[source], _sizes[source]);

    private static int TotalOf(int[] sizes)
    {
        if (sizes.Length < 2 || Array.Exists(sizes, static size => size < 1))
            throw new ArgumentException($"expected at least two results of at least one entry, got sizes [{string.Join(", ", sizes)}]", nameof(sizes));
        return checked(sizes.Sum());
    }
}
