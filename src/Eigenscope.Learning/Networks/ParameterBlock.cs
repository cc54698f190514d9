namespace Eigenscope.Learning.Networks;

/// <summary>One named parameter inside the flat parameter vector of a network.</summary>
/// <param name="Name">Layer name, a dot and the role: "1.weight", "1.bias".</param>
/// <param name="Offset">Index of its first entry.</param>
/// <param name="Shape">Extents, row-major; a dense weight is (outputs, inputs).</param>
/// <param name="IsBias">Whether it is a bias, or the scale or shift of a normalisation: not decayed unless asked for.</param>
public sealed record ParameterBlock(string Name, int Offset, IReadOnlyList<int> Shape, bool IsBias)
{
    /// <summary>Number of entries.</summary>
    public int Length { get; } = Shape.Aggregate(1, static (product, extent) => checked(product * extent));

    /// <summary>What every entry is before training where <see cref="IsBias"/> holds or the block is a statistic: 0 (default) for a bias, 1 for a scale or a running variance.</summary>
    public double InitialValue { get; init; }
}
