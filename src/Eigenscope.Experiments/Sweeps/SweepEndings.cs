using Eigenscope.Analysis.Doubt;
using Eigenscope.Experiments.Reports;

namespace Eigenscope.Experiments.Sweeps;

/// <summary>In which known solutions the independent starts of unconstrained feature models ended.</summary>
internal static class SweepEndings
{
    public const string Dnc = "dnc";

    /// <summary>Share of the independent starts of some combinations that ended in deep neural collapse; null where none was compared with known solutions.</summary>
    public static BinomialInterval? Collapsed(IEnumerable<SweepCell> cells) => Share([.. cells.SelectMany(static cell => cell.Done)], Dnc);

    /// <summary>Share of the independent starts of some runs that ended in a solution; null where none was compared with known solutions.</summary>
    public static BinomialInterval? Share(IReadOnlyList<SweepRunReport> runs, string ending)
    {
        string[] endings = [.. runs.SelectMany(SweepCell.EndingsOf)];
        return endings.Length == 0 ? null : BinomialInterval.Wilson(endings.Count(one => string.Equals(one, ending, StringComparison.Ordinal)), endings.Length);
    }

    /// <summary>The endings that occur, the collapsed solution first.</summary>
    public static IReadOnlyList<string> Occurring(SweepGrid grid) =>
        [.. grid.Cells.SelectMany(static cell => cell.Done).SelectMany(SweepCell.EndingsOf).Distinct(StringComparer.Ordinal).OrderBy(SweepCell.Place)];

    /// <summary>"3 of 5 (0.231 … 0.882)".</summary>
    public static string Text(BinomialInterval share) => $"{Format.Text(share.Count)} of {Format.Text(share.Trials)} ({Format.Text(share.Low)} … {Format.Text(share.High)})";
}
