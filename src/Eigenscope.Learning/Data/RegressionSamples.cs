using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Data;

/// <summary>N samples with M real targets each, checked once on the way in. Its arrays are shared, not copied: nobody writes to them.</summary>
public sealed class RegressionSamples
{
    /// <summary>Creates a set of samples.</summary>
    /// <param name="name">Short name, for reports.</param>
    /// <param name="source">Where the data came from and how it was scaled.</param>
    /// <param name="inputs">N × (sample shape), N ≥ 1, finite; kept, not copied.</param>
    /// <param name="targets">N × M, M ≥ 1, finite; kept, not copied.</param>
    /// <exception cref="ArgumentException">No samples, sizes that differ, or a number that is not finite; the message names the sample.</exception>
    public RegressionSamples(string name, string source, Tensor<double> inputs, Tensor<double> targets)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(targets);
        if (FindProblem(inputs, "coordinate") is { } inputProblem)
            throw new ArgumentException(inputProblem, nameof(inputs));
        if (targets.Rows != inputs.Rows)
            throw new ArgumentException($"expected targets of each of {inputs.Rows} samples, got those of {targets.Rows}", nameof(targets));
        if (FindProblem(targets, "target") is { } targetProblem)
            throw new ArgumentException(targetProblem, nameof(targets));
        Name = name;
        Source = source;
        Inputs = inputs;
        Targets = targets;
    }

    /// <summary>Short name, for reports.</summary>
    public string Name { get; }

    /// <summary>Where the data came from and how it was scaled.</summary>
    public string Source { get; }

    /// <summary>The inputs, N × (sample shape).</summary>
    public Tensor<double> Inputs { get; }

    /// <summary>The targets, N × M.</summary>
    public Tensor<double> Targets { get; }

    /// <summary>Number of samples, N.</summary>
    public int SampleCount => Inputs.Rows;

    /// <summary>The first samples.</summary>
    /// <param name="count">How many, 1 … N.</param>
    /// <returns>This set itself when <paramref name="count"/> is N; otherwise one with its own storage.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is not in 1 … N.</exception>
    public RegressionSamples Take(int count)
    {
        if (count < 1 || count > SampleCount)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"expected 1 … {SampleCount} samples");
        return count == SampleCount ? this : Subset([.. Enumerable.Range(0, count)]);
    }

    /// <summary>Sets a share of the samples aside: round(f · N) of them (half to even), drawn without replacement. Both parts keep the original order.</summary>
    /// <param name="fraction">The share f, in (0, 1).</param>
    /// <param name="random">The draw.</param>
    /// <returns>What stays, and what was set aside.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The share is not in (0, 1), or leaves nothing on one of the two sides.</exception>
    public (RegressionSamples Kept, RegressionSamples Aside) Divide(double fraction, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        int aside = fraction is > 0.0 and < 1.0 ? (int)Math.Round(fraction * SampleCount, MidpointRounding.ToEven) : 0;
        if (aside < 1 || aside >= SampleCount)
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction, $"expected a share in (0, 1) that leaves some of {SampleCount} samples on both sides");
        int[] order = [.. Enumerable.Range(0, SampleCount)];
        random.Shuffle<int>(order);
        return (Subset([.. order[aside..].Order()]), Subset([.. order[..aside].Order()]));
    }

    private static string? FindProblem(Tensor<double> values, string what)
    {
        if (values.Rows == 0 || values.Columns == 0)
            return "expected at least one sample of at least one value, got none";
        int bad = Array.FindIndex(values.Storage, static value => !double.IsFinite(value));
        return bad < 0 ? null : $"sample {bad / values.Columns} has no finite number at {what} {bad % values.Columns}, expected finite numbers";
    }

    private RegressionSamples Subset(int[] indices) => new(Name, Source, Rows(Inputs, indices), Rows(Targets, indices));

    private static Tensor<double> Rows(Tensor<double> values, int[] indices)
    {
        int[] shape = values.Shape.ToArray();
        shape[0] = indices.Length;
        Tensor<double> kept = new(shape);
        for (int i = 0; i < indices.Length; i++)
            values.Row(indices[i]).CopyTo(kept.Row(i));
        return kept;
    }
}
