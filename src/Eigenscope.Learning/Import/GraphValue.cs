namespace Eigenscope.Learning.Import;

/// <summary>What a name of the graph stands for. Shapes are those of the file with the number of samples N put to 1: an extent N · h is h.</summary>
internal abstract class GraphValue(int[] shape)
{
    public int[] Shape { get; } = shape;

    public int Rank => Shape.Length;

    public int Length { get; } = Extents.Product(shape);
}

/// <summary>Numbers known before any sample is: an initialiser, or what was computed from some, or from shapes.</summary>
internal sealed class ConstantValue(int[] shape, double[] data) : GraphValue(shape)
{
    public double[] Data { get; } = data;

    /// <summary>Whether the numbers are whole: a quotient is then cut.</summary>
    public bool IsInteger { get; init; }

    /// <summary>Which entries are multiples of the number of samples (of what stands in <see cref="Data"/>); null for none.</summary>
    public bool[]? PerSample { get; init; }

    /// <summary>Name of the initialiser that these numbers are, up to their order; null for computed ones.</summary>
    public string? Origin { get; init; }

    public bool IsPerSample(int index) => PerSample is not null && PerSample[index];

    /// <summary>The same numbers seen in another shape.</summary>
    public ConstantValue Reshaped(int[] shape) => new(shape, Data) { IsInteger = IsInteger, PerSample = PerSample, Origin = Origin };

    /// <summary>Entries picked from these, in a new shape.</summary>
    public ConstantValue Picked(int[] shape, int[] map, bool keepsOrigin = false) => new(shape, [.. map.Select(index => index < 0 ? 0.0 : Data[index])])
    {
        IsInteger = IsInteger,
        PerSample = PerSample is null ? null : [.. map.Select(index => index >= 0 && PerSample[index])],
        Origin = keepsOrigin ? Origin : null,
    };
}

/// <summary>The axis along which samples lie. Its extent is outer · N · h, of which outer · h entries belong to each sample: recurrent conventions read (steps, samples, entries) as (steps · samples, entries).</summary>
/// <param name="Axis">The axis.</param>
/// <param name="Outer">The factor slower than N.</param>
internal readonly record struct SampleAxis(int Axis, int Outer = 1)
{
    public SampleAxis At(int axis) => new(axis, Outer);
}

/// <summary>
/// A result that depends on the sample: what lies at a boundary of the network. The entries of a sample lie in the order that <see cref="Order"/> gives, which need not be that of the shape: a transposition is
/// nothing but another order, until a layer wants one.
/// </summary>
internal sealed class ActivationValue(int boundary, int[] shape, int[] order, SampleAxis samples) : GraphValue(shape)
{
    public int Boundary { get; } = boundary;

    /// <summary>The axes from the slowest to the fastest as the entries lie in memory.</summary>
    public int[] Order { get; } = order;

    /// <summary>Where samples are counted.</summary>
    public SampleAxis Samples { get; } = samples;

    /// <summary>The axis along which samples lie.</summary>
    public int BatchAxis => Samples.Axis;

    /// <summary>Whether entries lie as the shape says: axes of extent 1 may be anywhere.</summary>
    public bool IsStandard => LiesAs(Extents.Ascending(Rank));

    public bool LiesAs(int[] order) => Order.Where(axis => Shape[axis] != 1).SequenceEqual(order.Where(axis => Shape[axis] != 1));
}
