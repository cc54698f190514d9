using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Learning.Data;

/// <summary>Samples to train on, and samples of the same classes and shape to test on, if any. A test set may lack a class.</summary>
public sealed record DataSplit
{
    /// <summary>Creates a split.</summary>
    /// <param name="train">Samples to train on.</param>
    /// <param name="test">Samples to test on, or null.</param>
    /// <param name="requireEveryClass">Whether training samples that lack a class are refused; a network that is trained already may know more classes.</param>
    /// <exception cref="ArgumentException">The two differ in their classes or in the shape of a sample, or training lacks a class that it must have.</exception>
    public DataSplit(Dataset train, Dataset? test, bool requireEveryClass = true)
    {
        ArgumentNullException.ThrowIfNull(train);
        if (requireEveryClass && !train.HasEveryClass)
            throw new ArgumentException("expected training samples of every class", nameof(train));
        if (test is not null && !test.SampleShape.SequenceEqual(train.SampleShape))
            throw new ArgumentException($"expected samples of shape [{string.Join(", ", train.SampleShape)}] as in training, got [{string.Join(", ", test.SampleShape)}]", nameof(test));
        if (test is not null && !test.ClassNames.SequenceEqual(train.ClassNames, StringComparer.Ordinal))
            throw new ArgumentException($"expected the {train.ClassCount} classes of training, got {test.ClassCount} or other names", nameof(test));
        Train = train;
        Test = test;
    }

    /// <summary>Samples to train on.</summary>
    public Dataset Train { get; }

    /// <summary>Samples to test on, or null.</summary>
    public Dataset? Test { get; }

    /// <summary>
    /// Sets a share of every class aside: of a class of n_c samples, round(f · n_c) are drawn (half to even) and at least one stays for training. A class without samples stays so.
    /// Both parts keep the original order.
    /// </summary>
    /// <param name="dataset">The samples.</param>
    /// <param name="testFraction">The share f, in (0, 1).</param>
    /// <param name="random">The draw.</param>
    /// <returns>The two parts, each with its own storage.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The share is not in (0, 1).</exception>
    /// <exception cref="ArgumentException">A class would keep no training sample (the message names it), or nothing would be set aside.</exception>
    public static DataSplit Stratified(Dataset dataset, double testFraction, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(random);
        if (!(testFraction > 0 && testFraction < 1))
            throw new ArgumentOutOfRangeException(nameof(testFraction), testFraction, "expected a number in (0, 1)");
        if (FindProblem(dataset, testFraction) is { } problem)
            throw new ArgumentException(problem, nameof(testFraction));
        bool[] isTest = new bool[dataset.SampleCount];
        for (int c = 0; c < dataset.ClassCount; c++)
        {
            int[] members = dataset.IndicesOfClass(c);
            random.Shuffle<int>(members);
            foreach (int index in members.AsSpan(0, TestCount(members.Length, testFraction)))
                isTest[index] = true;
        }
        int[] all = [.. Enumerable.Range(0, dataset.SampleCount)];
        return new DataSplit(
            dataset.Subset(Array.FindAll(all, i => !isTest[i]), dataset.HasEveryClass),
            dataset.Subset(Array.FindAll(all, i => isTest[i]), requireEveryClass: false),
            dataset.HasEveryClass);
    }

    /// <summary>Both parts shifted and scaled by the mean and the standard deviation of the training samples. What is constant in training becomes 0 in both. Said in the source.</summary>
    /// <param name="options">Of what, and by which deviation; null takes the defaults: per channel for images (samples of three axes: channels, height, width), per coordinate for all others, divisor n.</param>
    /// <returns>The two parts, each with its own storage.</returns>
    public DataSplit Standardized(StandardizationOptions? options = null)
    {
        options ??= new StandardizationOptions();
        return Mapped(Standardization.Of(Train.Inputs, options), Standardization.Describe(Train.Inputs, options));
    }

    /// <summary>Both parts shifted and scaled by a map, whatever samples it was made of.</summary>
    /// <param name="map">The map.</param>
    /// <param name="how">What it does, in words, for the source.</param>
    /// <returns>The two parts, each with its own storage.</returns>
    /// <exception cref="ArgumentException">The samples have another number of coordinates than the map.</exception>
    public DataSplit Mapped(Standardization map, string how)
    {
        ArgumentNullException.ThrowIfNull(map);
        return new DataSplit(Map(Train), Test is null ? null : Map(Test), Train.HasEveryClass);

        Dataset Map(Dataset part) => new(part.Name, $"{part.Source}; {how}", map.Apply(part.Inputs), part.Labels, part.ClassNames, requireEveryClass: false);
    }

    internal static string? FindProblem(Dataset dataset, double testFraction)
    {
        int total = 0;
        for (int c = 0; c < dataset.ClassCount; c++)
        {
            int count = dataset.ClassCounts[c];
            int test = TestCount(count, testFraction);
            if (count > 0 && test >= count)
                return FormattableString.Invariant($"class {dataset.ClassNames[c]} has {count} samples, of which a test fraction of {testFraction} leaves none to train on");
            total += test;
        }
        return total > 0 ? null : FormattableString.Invariant($"a test fraction of {testFraction} sets aside none of {dataset.SampleCount} samples in classes of at most {dataset.ClassCounts.Max()}");
    }

    private static int TestCount(int classCount, double testFraction) => (int)Math.Round(testFraction * classCount, MidpointRounding.ToEven);
}
