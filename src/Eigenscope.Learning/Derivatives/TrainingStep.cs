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

    internal static void Check(TrainingStep step, Network network)
    {
        if (step.Random is null)
            throw new ArgumentException("a step needs the stream of the run's draws", nameof(step));
        if (step.Epoch < 0 || step.Batch < 0)
            throw new ArgumentException($"expected an epoch and a batch of at least 0, got epoch {step.Epoch}, batch {step.Batch}", nameof(step));
        RequireSmoothing(step.LabelSmoothing, nameof(step));
        if (step.Augmentation is not null)
            Augmentation.Check(step.Augmentation, network.InputSize);
    }

    internal static void RequireSmoothing(double smoothing, string name)
    {
        if (smoothing is not (>= 0.0 and < 1.0))
            throw new ArgumentOutOfRangeException(name, smoothing, "expected a label smoothing in [0, 1)");
    }
}
