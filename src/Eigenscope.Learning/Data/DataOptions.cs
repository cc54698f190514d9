namespace Eigenscope.Learning.Data;

/// <summary>What to make of a data set once it is found. The defaults change nothing.</summary>
public sealed record DataOptions
{
    /// <summary>Share of every class to set aside for testing, in [0, 1); null or 0 sets nothing aside. Refused for data that comes with a test set of its own.</summary>
    public double? TestFraction { get; init; }

    /// <summary>Use at most the first so many samples (≥ 1), before anything is set aside; null uses all. A test set that comes with the data is not shortened.</summary>
    public int? MaxSamples { get; init; }

    /// <summary>Then draw so many samples of every class (≥ 1), before anything is set aside; null keeps the classes as they are.</summary>
    public int? SamplesPerClass { get; init; }

    /// <summary>
    /// Then draw so many samples in all (≥ K), before anything is set aside, as evenly over the classes as can be: their numbers differ by one at most. The original order is kept. Null keeps them all;
    /// not together with <see cref="SamplesPerClass"/>. A test set that comes with the data is not shortened.
    /// </summary>
    public int? Samples { get; init; }

    /// <summary>
    /// At last shift and scale training and test samples by mean and population standard deviation (divisor n) of the training samples: per channel for images (samples of three axes: channels, height, width),
    /// per coordinate for all others. What is constant in training becomes 0.
    /// </summary>
    public bool Standardize { get; init; }

    /// <summary>The synthetic data set <c>gaussian</c>.</summary>
    public GaussianOptions Gaussian { get; init; } = new();

    internal void Validate()
    {
        if (TestFraction is { } fraction && !(fraction >= 0 && fraction < 1))
            throw new DataException("test fraction", FormattableString.Invariant($"expected a number in [0, 1), got {fraction}"));
        RequirePositive(MaxSamples, "number of samples");
        RequirePositive(SamplesPerClass, "samples per class");
        RequirePositive(Samples, "samples");
        if (Samples is not null && SamplesPerClass is not null)
            throw new DataException("samples", "expected a number of samples in all or one of each class, got both");
    }

    private static void RequirePositive(int? value, string name)
    {
        if (value is < 1)
            throw new DataException(name, FormattableString.Invariant($"expected at least 1, got {value}"));
    }
}
