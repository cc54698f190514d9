using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Data;

/// <summary>
/// Samples as a source has them, for a network that is already there and numbers its classes itself: nothing renumbered, scaled, shuffled or set aside. Classes, targets or both, as the numbers beside the samples can be read.
/// </summary>
public sealed record GivenSamples
{
    /// <summary>Short name, for reports.</summary>
    public required string Name { get; init; }

    /// <summary>Where the data came from and how it was scaled.</summary>
    public required string Source { get; init; }

    /// <summary>What to name in a message on the labels: "data.npz[y]".</summary>
    public required string LabelSubject { get; init; }

    /// <summary>N × (sample shape), N ≥ 1, finite.</summary>
    public required Tensor<double> Inputs { get; init; }

    /// <summary>One whole number a sample, as the source has it; null where there are other numbers, or several.</summary>
    public required long[]? Labels { get; init; }

    /// <summary>N × M: the numbers beside the samples, finite; null where the source has classes by nature.</summary>
    public required Tensor<double>? Targets { get; init; }

    /// <summary>Names of the classes where labels are theirs in order; null where labels are numbers of the source's own.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>The source's own samples to test on, or null.</summary>
    public GivenSamples? Test { get; init; }

    /// <summary>Number of samples, N.</summary>
    public int SampleCount => Inputs.Rows;

    /// <summary>Shape of one sample.</summary>
    public IReadOnlyList<int> SampleShape => Inputs.Shape[1..].ToArray();

    /// <summary>The first samples.</summary>
    /// <param name="count">How many, 1 … N.</param>
    /// <returns>This itself when <paramref name="count"/> is N; otherwise a copy of its beginning.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is not in 1 … N.</exception>
    public GivenSamples Take(int count)
    {
        if (count < 1 || count > SampleCount)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"expected 1 … {SampleCount} samples");
        return count == SampleCount ? this : this with { Inputs = First(Inputs, count), Labels = Labels?[..count], Targets = Targets is null ? null : First(Targets, count) };
    }

    private static Tensor<double> First(Tensor<double> values, int count)
    {
        int[] shape = values.Shape.ToArray();
        shape[0] = count;
        return new Tensor<double>(values.Storage.AsSpan(0, count * values.Columns).ToArray(), shape);
    }
}
