using Eigenscope.Analysis.Doubt;
using Eigenscope.Experiments.Reports;

namespace Eigenscope.Experiments.Runs;

/// <summary>Counts where independent starts ended.</summary>
internal static class UfmEndings
{
    /// <summary>Larger starts that followed are left out: they are drawn otherwise, and only because the others had ended where they did.</summary>
    public static IReadOnlyList<EndingReport> Count(IReadOnlyList<UfmAttemptReport> attempts, int starts)
    {
        UfmAttemptReport[] counted = [.. attempts.Take(starts).Where(static attempt => attempt.Status is not "interrupted")];
        return
        [
            .. counted.GroupBy(Name, StringComparer.Ordinal)
                .Select(group => Describe(group.Key, [.. group], counted.Length))
                .OrderByDescending(static ending => ending.Count)
                .ThenBy(static ending => ending.LowestLoss ?? double.PositiveInfinity),
        ];
    }

    private static EndingReport Describe(string name, UfmAttemptReport[] ended, int of)
    {
        BinomialInterval share = BinomialInterval.Wilson(ended.Length, of);
        return new EndingReport(name, ended.Length, share.Share, share.StandardError, share.Low, share.High, ended.Min(static attempt => attempt.Loss.Value));
    }

    private static string Name(UfmAttemptReport attempt) => attempt.Status is "diverged" ? "diverged" : attempt.Nearest ?? "other";
}
