namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>A descending list of values as the marks of a logarithmic figure: signs apart, long lists thinned, and what cannot be drawn counted.</summary>
internal sealed class MeasuredMarks
{
    private const int MostMarks = 240;
    private const int AllUpTo = 120;
    private readonly List<string> _notes = [];

    private MeasuredMarks(IReadOnlyList<SpectrumSeries> series) => Series = series;

    public IReadOnlyList<SpectrumSeries> Series { get; }

    /// <summary>What was left out, in sentences; null for nothing.</summary>
    public string? Note => _notes.Count == 0 ? null : string.Join(' ', _notes);

    /// <summary>The magnitudes drawn.</summary>
    public IEnumerable<double> Magnitudes => Series.SelectMany(static series => series.Values);

    /// <summary>The largest rank drawn, at least 1.</summary>
    public int LastRank => Series.SelectMany(static series => series.Ranks).DefaultIfEmpty(1).Max();

    /// <summary>Marks of one list.</summary>
    public static MeasuredMarks Of(string name, IReadOnlyList<double> values) => Of(name, values, kept => Signs(name, values, kept, category: null));

    /// <summary>Marks of one list apart by the category of each value; values beyond the categories form one of their own.</summary>
    public static MeasuredMarks Of(IReadOnlyList<double> values, IReadOnlyList<string> categories) => Of("measured", values, kept => SpectrumCategories.Drawn
        .SelectMany(category => Signs(category.Name, values, [.. kept.Where(i => i < categories.Count && string.Equals(categories[i], category.Key, StringComparison.Ordinal))], category.Key))
        .Concat(Signs($"from rank {Format.Text(categories.Count + 1)} on", values, [.. kept.Where(i => i >= categories.Count)], SpectrumCategories.Unknown)));

    private static MeasuredMarks Of(string name, IReadOnlyList<double> values, Func<int[], IEnumerable<SpectrumSeries>> split)
    {
        double largest = values.Select(Math.Abs).DefaultIfEmpty(0.0).Max();
        int[] drawable = [.. Enumerable.Range(0, values.Count).Where(i => Math.Abs(values[i]) > Axes.Floor * largest)];
        int[] kept = Thin(drawable);
        MeasuredMarks marks = new([.. split(kept)]);
        if (drawable.Length < values.Count)
            marks._notes.Add($"{Axes.Count(values.Count - drawable.Length, "value")} ({name}) that are zero to rounding cannot stand on a logarithmic axis.");
        if (kept.Length < drawable.Length)
            marks._notes.Add($"Of the {Format.Text(drawable.Length)} values of {name}, the first {Format.Text(AllUpTo)} and a selection of the rest are drawn.");
        return marks;
    }

    private static IEnumerable<SpectrumSeries> Signs(string name, IReadOnlyList<double> values, int[] kept, string? category) =>
        new[] { Part(name, values, kept, negative: false, category), Part(name, values, kept, negative: true, category) }.Where(static series => series.Ranks.Count > 0);

    private static SpectrumSeries Part(string name, IReadOnlyList<double> values, int[] kept, bool negative, string? category)
    {
        int[] part = [.. kept.Where(i => values[i] < 0.0 == negative)];
        return new SpectrumSeries(negative ? $"{name}, negative" : name, [.. part.Select(static i => i + 1)], [.. part.Select(i => Math.Abs(values[i]))], negative, category);
    }

    // All of the top, then ranks at equal ratios, and always the last.
    private static int[] Thin(int[] indices)
    {
        if (indices.Length <= MostMarks)
            return indices;
        double ratio = Math.Pow((double)indices.Length / AllUpTo, 1.0 / (MostMarks - AllUpTo));
        IEnumerable<int> rest = Enumerable.Range(1, MostMarks - AllUpTo).Select(i => Math.Min(indices.Length, (int)Math.Round(AllUpTo * Math.Pow(ratio, i))) - 1);
        return [.. Enumerable.Range(0, AllUpTo).Concat(rest).Distinct().Select(i => indices[i])];
    }
}
