namespace Eigenscope.Learning.Networks;

/// <summary>How weights start; see <see cref="InitializationKind"/>. Free features start likewise, their width being their fan-in. Biases start at zero.</summary>
public sealed record InitializationOptions
{
    /// <summary>The distribution. Default <see cref="InitializationKind.LeCunNormal"/>.</summary>
    public InitializationKind Kind { get; init; } = InitializationKind.LeCunNormal;

    /// <summary>Factor on every weight (of <see cref="InitializationKind.XavierUniform"/>, on every one but the last), &gt; 0 and finite. Default 1.</summary>
    public double Scale { get; init; } = 1.0;
}
