using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Derivatives;

/// <summary>
/// Asks, before a spectrum is computed, whether the objective is a fixed function of its parameters: a matrix whose products change from call to call has no eigenvalues, and an eigensolver would not notice.
/// Samples are read twice in ranges of different lengths and must agree bit for bit; loss and gradient are computed twice and must agree bit for bit; and up to three slices of samples, cut in two, must give the same
/// logits, and losses that add up, to rounding (in double precision). Where something differs, more is read until the cause is known.
/// Cost: two reads of all samples, two gradients, and passes over six slices: less than two Hessian products, where a spectrum takes tens or hundreds. Memory: two gradients, and 24 bytes a sample.
/// </summary>
public static class DeterminismProbe
{
    private const string Remedy = ": measure with ObjectiveOptions.Mode = NetworkMode.Measuring";

    /// <summary>Probes an objective.</summary>
    /// <param name="objective">The objective.</param>
    /// <param name="parameters">Where: the network's state, as for <see cref="Objective.Gradient"/>.</param>
    /// <returns>Whether it is a fixed function there, and if not, why and what to do.</returns>
    /// <exception cref="ArgumentException"><paramref name="parameters"/> has another length.</exception>
    public static DeterminismVerdict Check(Objective objective, ReadOnlySpan<double> parameters)
    {
        ArgumentNullException.ThrowIfNull(objective);
        int rows = SliceRows(objective);
        SourceProbe source = new(objective.Source, objective.Compute, objective.Options.Precision, rows, objective.Loss.LabelCount(objective.Network.OutputSize));
        return source.Find() ?? FindInTraining(objective, parameters, rows) ?? FindInMeasuring(objective, parameters, rows) ?? Passed(objective);
    }

    /// <summary>Probes an objective, and refuses one that is not a fixed function.</summary>
    /// <param name="objective">The objective.</param>
    /// <param name="parameters">Where: the network's state, as for <see cref="Objective.Gradient"/>.</param>
    /// <exception cref="DeterminismException">It is not; the message names the cause and what to do.</exception>
    /// <exception cref="ArgumentException"><paramref name="parameters"/> has another length.</exception>
    public static void Require(Objective objective, ReadOnlySpan<double> parameters)
    {
        DeterminismVerdict verdict = Check(objective, parameters);
        if (!verdict.IsDeterministic)
            throw new DeterminismException(verdict);
    }

    // In training mode there may be neither logits nor gradients to compare, and where masks are drawn not even a loss.
    private static DeterminismVerdict? FindInTraining(Objective objective, ReadOnlySpan<double> parameters, int rows)
    {
        if (objective.Options.Mode != NetworkMode.Training || !TrainingLayers.AnyIn(objective.Network))
            return null;
        if (objective.SampleCount < BatchProbe.SmallestCut)
            return Failed(DeterminismCause.BatchNormalization, $"{TrainingLayers.Describe(objective.Network)} is in training mode{Remedy}");
        try
        {
            double before = objective.Evaluate(parameters).Loss;
            double after = objective.Evaluate(parameters).Loss;
            if (!SameBits([before], [after]))
                return Failed(DeterminismCause.Dropout, FormattableString.Invariant($"two passes over the same samples give losses {before:r} and {after:r} in training mode: dropout is left on{Remedy}, where it is off"));
            if (!double.IsFinite(before))
                return NotFinite(before);
            BatchProbe batches = new(objective, parameters, rows, withLogits: false);
            return batches.FindInLosses() is { } found
                ? Failed(DeterminismCause.BatchNormalization, $"{found}: in training mode, {TrainingLayers.Describe(objective.Network)} uses the statistics of the batch{Remedy}, where it uses the stored ones")
                : null;
        }
        catch (InvalidOperationException refusal)
        {
            return Failed(DeterminismCause.Dropout, $"dropout is left on: {refusal.Message}");
        }
    }

    private static DeterminismVerdict? FindInMeasuring(Objective objective, ReadOnlySpan<double> parameters, int rows) =>
        FindBetweenPasses(objective, parameters) ?? FindBetweenBatches(new BatchProbe(objective, parameters, rows, withLogits: true));

    private static DeterminismVerdict? FindBetweenPasses(Objective objective, ReadOnlySpan<double> parameters)
    {
        double[] first = new double[objective.Network.ParameterCount];
        double[] second = new double[first.Length];
        double before = objective.Gradient(parameters, first).Loss;
        double after = objective.Gradient(parameters, second).Loss;
        if (!SameBits([before], [after]) || !SameBits(first, second))
        {
            double distance = TensorPrimitives.Distance<double>(first, second) / TensorPrimitives.Norm<double>(first);
            return Failed(DeterminismCause.Arithmetic, FormattableString.Invariant($"two passes over the same samples differ (losses {before:r} and {after:r}, gradients by {distance:g2} of their norm): a layer or the dense kernels depend on more than their arguments; try one thread and the managed kernels"));
        }
        return double.IsFinite(before) ? null : NotFinite(before);
    }

    private static DeterminismVerdict NotFinite(double loss) =>
        Failed(DeterminismCause.NonFiniteLoss, FormattableString.Invariant($"the loss is {loss} although every input is finite: the parameters have diverged, or the precision does not reach"));

    private static DeterminismVerdict? FindBetweenBatches(BatchProbe batches) => (batches.FindInLogits() ?? batches.FindInLosses()) is { } found
        ? Failed(DeterminismCause.BatchDependence, $"{found}: a layer mixes samples, or a short batch is weighted as a full one")
        : null;

    private static bool SameBits(ReadOnlySpan<double> a, ReadOnlySpan<double> b) => MemoryMarshal.AsBytes(a).SequenceEqual(MemoryMarshal.AsBytes(b));

    private static int SliceRows(Objective objective) =>
        Math.Min(objective.SliceCapacity, Math.Max(1, (objective.SampleCount + objective.Compute.Threads - 1) / objective.Compute.Threads));

    private static DeterminismVerdict Failed(DeterminismCause cause, string message) => new() { Cause = cause, Message = message };

    private static DeterminismVerdict Passed(Objective objective) => new()
    {
        Cause = null,
        Message = $"two passes over {objective.SampleCount} samples agree bit for bit, and batches of different sizes to rounding",
    };
}
