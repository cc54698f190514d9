namespace Eigenscope.Learning.Networks;

/// <summary>
/// How weights start: independent normals of variance <c>Scale² · g / fan-in</c>, with g = 2 where the next activation is ReLU or GELU (He et al., 1502.01852) and g = 1 otherwise (LeCun et al., 1998);
/// biases start at zero.
/// </summary>
public sealed record InitializationOptions
{
    /// <summary>Factor on the standard deviation, &gt; 0 and finite. Default 1.</summary>
    public double Scale { get; init; } = 1.0;
}
