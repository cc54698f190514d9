namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>An axis with its ends fixed.</summary>
/// <param name="Label">What is measured along it.</param>
/// <param name="IsLogarithmic">Whether it is logarithmic.</param>
/// <param name="Min">Lower end.</param>
/// <param name="Max">Upper end, above the lower.</param>
public sealed record PageAxis(string Label, bool IsLogarithmic, double Min, double Max)
{
    /// <summary>Decades from one tick of a logarithmic axis to the next, which divide its length; null where ticks are left to whoever draws.</summary>
    public int? TickDecades { get; init; }

    /// <summary>Names of the positions Min, Min + 1, … of an axis that counts named things; null for an axis of numbers.</summary>
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>Where ticks stand and which values they are of, ascending; null where ticks are left to whoever draws.</summary>
    public IReadOnlyList<PageTick>? Ticks { get; init; }
}
