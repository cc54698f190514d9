using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Derivatives;

/// <summary>How the data loss of a network is computed; none of it changes what is computed, beyond rounding.</summary>
public sealed record ObjectiveOptions
{
    /// <summary>Precision of the network's arithmetic. Default double.</summary>
    public Precision Precision { get; init; } = Precision.Float64;

    /// <summary>
    /// How the network is applied. Default <see cref="NetworkMode.Measuring"/>. <see cref="NetworkMode.Training"/> serves <see cref="Objective.Evaluate"/> alone, with all samples as one batch: where layers behave differently
    /// in training the loss is not a sum over samples, so that asking for logits or derivatives is refused. Without such layers the two modes are the same.
    /// </summary>
    public NetworkMode Mode { get; init; }

    /// <summary>
    /// Samples walked at a time by one thread, ≥ 1; the last slice may be smaller. Null (default): as many as give a slice's values, cotangents and tangents 32 MB, at least 1 and at most 336,
    /// which is large enough for full matrix-product speed in a perceptron. A convolution needs fewer: its products are long already with one image.
    /// </summary>
    public int? SliceRows { get; init; }

    /// <summary>
    /// Bytes that a linearisation may keep in activations and cotangents; beyond it every product walks the primal passes again, slice by slice. Default 4 GiB.
    /// </summary>
    public long ActivationBudget { get; init; } = 4L << 30;

    /// <summary>Bytes that a linearisation may keep in logit Jacobians for layer-block products, per layer; beyond it those products go up and down through the network. Default 1 GiB.</summary>
    public long JacobianBudget { get; init; } = 1L << 30;

    /// <summary>Weight w_i of each sample in the loss Σ w_i ℓ_i; null (default) means 1/N each.</summary>
    public IReadOnlyList<double>? SampleWeights { get; init; }

    /// <summary>
    /// The same options with one figure for all that may grow with the data set: four fifths for activations, one fifth for Jacobians, as in the defaults. What does not grow (slices, sums, directions) comes on top.
    /// </summary>
    /// <param name="bytes">Bytes, ≥ 0; with 0 nothing is kept and everything is recomputed.</param>
    /// <returns>The options.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The figure is negative.</exception>
    public ObjectiveOptions WithMemory(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        long jacobians = bytes / 5;
        return this with { ActivationBudget = bytes - jacobians, JacobianBudget = jacobians };
    }
}
