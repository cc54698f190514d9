namespace Eigenscope.Theory.UnconstrainedFeatures;

/// <summary>Collects values with their multiplicities and merges those that are equal.</summary>
internal sealed class SpectrumBuilder
{
    // Values that are equal in exact arithmetic may come out of two formulas; they then differ by a few roundings.
    private const double MergeTolerance = 16 * 2.220446049250313e-16;
    private readonly List<PredictedGroup> _groups = [];

    /// <summary>Adds a value so many times.</summary>
    public SpectrumBuilder Add(double value, long count)
    {
        if (count > 0)
            _groups.Add(new PredictedGroup(value, count));
        return this;
    }

    /// <summary>Adds all eigenvalues of a small symmetric matrix, each so many times.</summary>
    public SpectrumBuilder AddAll(IEnumerable<double> values, long count)
    {
        foreach (double value in values)
            Add(value, count);
        return this;
    }

    /// <summary>Adds zeros up to a dimension.</summary>
    public SpectrumBuilder FillWithZeros(long dimension) => Add(0, dimension - _groups.Sum(group => group.Count));

    /// <summary>The groups, by value descending.</summary>
    public IReadOnlyList<PredictedGroup> Build()
    {
        List<PredictedGroup> merged = [];
        foreach (PredictedGroup group in _groups.OrderByDescending(group => group.Value))
        {
            if (merged.Count > 0 && AreEqual(merged[^1].Value, group.Value))
                merged[^1] = merged[^1] with { Count = merged[^1].Count + group.Count };
            else
                merged.Add(group);
        }
        return merged;
    }

    private static bool AreEqual(double x, double y) => Math.Abs(x - y) <= MergeTolerance * Math.Max(Math.Abs(x), Math.Abs(y));
}
