namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>One line.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="X">Positions, ascending.</param>
/// <param name="Y">Values; null where there is none, and the line is broken.</param>
/// <param name="IsPredicted">Whether theory says so: a thin line without marks.</param>
/// <param name="IsWhole">Whether it stands for the whole of which the others are parts.</param>
public sealed record LineSeries(string Name, IReadOnlyList<double> X, IReadOnlyList<double?> Y, bool IsPredicted = false, bool IsWhole = false)
{
    /// <summary>Lower ends of error bars, where they are on the axis; null where a value has none. The whole list is null where no value has one.</summary>
    public IReadOnlyList<double?>? Low { get; init; }

    /// <summary>Their upper ends.</summary>
    public IReadOnlyList<double?>? High { get; init; }

    /// <summary>Of a prediction that is the end of a range: "above" or "below" it values are predicted; null where they are predicted themselves.</summary>
    public string? Side { get; init; }
}
