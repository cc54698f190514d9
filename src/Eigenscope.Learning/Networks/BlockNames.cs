namespace Eigenscope.Learning.Networks;

/// <summary>What the blocks of one layer are called where they come from, a file for instance; a name left out is the layer's name, a dot and the role.</summary>
internal sealed record BlockNames
{
    public string? Weight { get; init; }

    public string? Bias { get; init; }

    public string? Scale { get; init; }

    public string? Shift { get; init; }

    public string? Mean { get; init; }

    public string? Variance { get; init; }
}
