using Eigenscope.Analysis;

namespace Eigenscope.Experiments.Reports;

/// <summary>Why numbers of a table have no value: one line for each reason, however many layers share it.</summary>
internal static class UndefinedNotes
{
    /// <summary>Lines below a table.</summary>
    /// <param name="numbers">What, at which layer, and the number.</param>
    /// <param name="places">Every layer, from the input on.</param>
    public static IEnumerable<string> Lines(IEnumerable<(string What, string Where, Number Number)> numbers, IReadOnlyList<string> places) =>
        numbers.Where(static entry => !entry.Number.IsDefined)
            .GroupBy(static entry => (entry.What, Reason: entry.Number.Reason!))
            .Select(group => $"{Format.Undefined} {group.Key.What}: {group.Key.Reason.TrimEnd('.')} ({PlaceNames.Of(group.Select(static entry => entry.Where), places)}).");
}
