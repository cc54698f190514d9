using System.Globalization;
using Eigenscope.Theory;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>Predicted groups as levels over the ranks that a figure shows.</summary>
internal static class PredictedLevels
{
    /// <summary>Levels that lie on a logarithmic axis, from descending groups; zeros are left to the note.</summary>
    public static IReadOnlyList<PredictedLevel> Of(IReadOnlyList<PredictedGroup> groups, int lastRank)
    {
        double largest = groups.Select(static group => Math.Abs(group.Value)).DefaultIfEmpty(0.0).Max();
        List<PredictedLevel> levels = [];
        long before = 0;
        foreach (PredictedGroup group in groups)
        {
            if (before < lastRank && Math.Abs(group.Value) > Axes.Floor * largest)
                levels.Add(new PredictedLevel(Math.Abs(group.Value), (int)before + 1, (int)Math.Min(lastRank, before + group.Count), group.Count > 1 ? $"×{Count(group.Count)}" : "", group.Value < 0.0));
            before += group.Count;
        }
        return levels;
    }

    /// <summary>What of the prediction is not drawn; null for nothing.</summary>
    public static string? Note(IReadOnlyList<PredictedGroup> groups, int lastRank)
    {
        long zeros = groups.Where(static group => group.Value == 0.0).Sum(static group => group.Count);
        long total = groups.Sum(static group => group.Count);
        if (zeros > 0)
            return $"Theory also predicts the value 0, {Count(zeros)} times.";
        return total > lastRank ? $"The prediction goes on to rank {Count(total)}." : null;
    }

    private static string Count(long count) => count.ToString(CultureInfo.InvariantCulture);
}
