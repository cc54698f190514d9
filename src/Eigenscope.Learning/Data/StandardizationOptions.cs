namespace Eigenscope.Learning.Data;

/// <summary>How inputs are shifted and scaled by the training samples' statistics. What is constant in training becomes 0 in any case.</summary>
public sealed record StandardizationOptions
{
    /// <summary>Whether every coordinate of an image has a mean and a deviation of its own, as those of all other data do. Default false: each channel has one (samples of three axes: channels, height, width).</summary>
    public bool PerCoordinate { get; init; }

    /// <summary>Whether the deviation has the divisor n − 1; default false: the population's, with divisor n.</summary>
    public bool Unbiased { get; init; }
}
