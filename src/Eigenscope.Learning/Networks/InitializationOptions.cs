namespace Eigenscope.Learning.Networks;

/// <summary>
/// How weights start: independent normals of variance <c>Scale² / fan-in</c> (LeCun et al., Efficient BackProp, 1998); √2 is the scale of He et al., 1502.01852. Free features start likewise, with variance
/// <c>Scale² / width</c>. Biases start at zero.
/// </summary>
public sealed record InitializationOptions
{
    /// <summary>Factor on the standard deviation, &gt; 0 and finite. Default 1.</summary>
    public double Scale { get; init; } = 1.0;
}
