using Eigenscope.Learning.Data;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Learning.Derivatives;

/// <summary>What a training step adds to the loss that is measured: its place in the run, from which its random draws follow, and what only training does.</summary>
public sealed record TrainingStep
{
    /// <summary>Stream of the run's draws; only its key is used, nothing is drawn from it.</summary>
    public required RandomStream Random { get; init; }

    /// <summary>Whole epochs done, ≥ 0: each epoch crops and flips a sample anew.</summary>
    public required int Epoch { get; init; }

    /// <summary>Batches done in the epoch, ≥ 0: each batch has its own dropout masks.</summary>
    public required int Batch { get; init; }

    /// <summary>
    /// α in [0, 1): the share of the target that is spread evenly over all K classes, those of its own included (Szegedy et al., 1512.00567). Cross-entropy becomes (1 − α) ℓ(z, y) + α/K Σ_k ℓ(z, k);
    /// the mean squared error keeps its form, with the target (1 − α) t(y) + α/K Σ_k t(k). Default 0.
    /// </summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Random crops and flips of the samples, or null (default).</summary>
    public Augmentation? Augmentation { get; init; }

    /// <summary>Whether the step's gradient is that of the loss as it is measured.</summary>
    internal bool IsPlain(Network network) => LabelSmoothing == 0.0 && Augmentation is null && !TrainingLayers.AnyIn(network);

    internal void Check(Network network)
    {
        ArgumentNullException.ThrowIfNull(Random);
        ArgumentOutOfRangeException.ThrowIfNegative(Epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(Batch);
        RequireSmoothing(LabelSmoothing);
        Augmentation?.Check(network.InputSize);
    }

    internal static void RequireSmoothing(double smoothing)
    {
        if (smoothing is not (>= 0.0 and < 1.0))
            throw new ArgumentOutOfRangeException(nameof(smoothing), smoothing, "expected a label smoothing in [0, 1)");
    }
}
