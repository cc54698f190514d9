using System.Globalization;
using Eigenscope.Analysis;
using Eigenscope.Analysis.Doubt;
using Eigenscope.Experiments.Engines.Slurm;
using Eigenscope.Experiments.Reports;

namespace Eigenscope.Experiments.Sweeps;

/// <summary>What a sweep found, in sentences: only what its numbers say.</summary>
internal static class SweepFindings
{
    private const int MostReasons = 5;
    private const int LeastPoints = 4;

    public static IReadOnlyList<string> Describe(SweepResult result)
    {
        SweepGrid grid = new(result);
        List<string> findings = [];
        if (result.Slurm is { } slurm)
            findings.AddRange(SlurmReporting.Describe(slurm, result.Partial, [.. result.Runs.Select(static run => run.Slurm).OfType<SlurmRun>()], "sweep RECIPE"));
        if (result is { Partial: true, Slurm: null })
            findings.Add("The sweep was interrupted: the runs under way kept how far they were, and the same command goes on from there.");
        findings.Add($"{Format.Text(result.Done)} of {Format.Text(result.Runs.Count)} runs are done{Count(result.Failed, "failed")}{Count(result.Missing, "missing")}; this command carried out {Format.Text(result.CarriedOut)}.");
        findings.AddRange(new[] { SweepBest.Describe(grid), Rank(grid), BelowClasses(grid), RankAndVariability(grid) }.OfType<string>());
        findings.AddRange(grid.Axes.Where(static axis => axis.IsNumeric).Select(axis => Collapse(grid, axis)).OfType<string>());
        if (result.TcvBound is { } bound)
            findings.Add(Bound(bound));
        foreach (IGrouping<string, SweepRunReport> failure in result.Runs.Where(static run => run.Error is not null).GroupBy(static run => run.Error!, StringComparer.Ordinal).Take(MostReasons))
            findings.Add($"{Format.Text(failure.Count())} failed, the first {failure.First().Id}: {failure.Key.TrimEnd('.')}.");
        return findings;
    }

    /// <summary>How the derived TCV bound fared.</summary>
    public static string Bound(SweepBound bound) => string.Create(
        CultureInfo.InvariantCulture,
        $"The derived TCV bound held at {bound.Held} of {bound.Layers} layers, without the slack of unfinished training at {bound.HeldWithoutSlack}: the distance to rank K is at most {Format.Text(bound.LargestShare)} of it, the slack at most {Format.Text(bound.LargestSlack)} of its middle; middle ≤ right at {bound.RightHeld}.");

    // The numerical rank along the main axis: its ends over all combinations that have both, and how steadily it goes from one to the other.
    private static string? Rank(SweepGrid grid)
    {
        if (grid.Main is not { IsNumeric: true } axis)
            return null;
        double?[][] ranks = [.. grid.Families(axis).Select(static family => family.Cells.Select(static cell => cell.Mean(SweepCell.MeanRank).Value).ToArray()).Where(static family => family[0] is not null && family[^1] is not null)];
        if (ranks.Length == 0)
            return null;
        double first = ranks.Average(static family => family[0]!.Value), last = ranks.Average(static family => family[^1]!.Value);
        if (ranks.All(static family => family[0] == family[^1]))
            return $"The numerical rank of the weights, mean over layers and seeds, is the same at {axis.Option} {axis.Names[0]} and {axis.Names[^1]}: {Format.Text(first)}{(ranks.Length == 1 ? "" : " on average over the other options")}.";
        string way = ranks.Length == 1 ? "" : $" on average over {Format.Text(ranks.Length)} combinations of the other options, falling in {Format.Text(ranks.Count(static family => family[^1] < family[0]))} of them and rising in {Format.Text(ranks.Count(static family => family[^1] > family[0]))}";
        return $"From {axis.Option} {axis.Names[0]} to {axis.Names[^1]} the numerical rank of the weights, mean over layers and seeds, goes from {Format.Text(first)} to {Format.Text(last)}{way}{Steadiness(axis, ranks)}.";
    }

    private static string Steadiness(SweepGridAxis axis, double?[][] ranks)
    {
        double[] steady = [.. ranks.Select(family => Correlate(axis.Numbers, family).Value).OfType<double>()];
        return steady.Length == 0 ? "" : steady.Length == 1 ? $"; Spearman's rank correlation of the two is {Format.Text(steady[0])}" : $"; Spearman's rank correlations of the two lie between {Format.Text(steady.Min())} and {Format.Text(steady.Max())}";
    }

    private static Number Correlate(IReadOnlyList<double> x, IReadOnlyList<double?> y)
    {
        int[] both = [.. Enumerable.Range(0, x.Count).Where(i => y[i] is not null)];
        return RankCorrelation.Spearman([.. both.Select(i => x[i])], [.. both.Select(i => y[i]!.Value)]);
    }

    // "On" counts only where every greater value of the axis agrees.
    private static string? BelowClasses(SweepGrid grid)
    {
        if (grid.Main is not { IsNumeric: true } axis || grid.Cells.Select(static cell => cell.Classes).Distinct().ToArray() is not [{ } classes])
            return null;
        IReadOnlyList<SweepFamily> families = grid.Families(axis);
        bool?[] below = [.. Enumerable.Range(0, axis.Values.Count).Select(i => families.Select(family => IsBelow(family.Cells[i], classes)).ToArray() is var each && each.All(static one => one is not null) ? each.All(static one => one == true) : (bool?)null)];
        int from = below.Length;
        while (from > 0 && below[from - 1] == true)
            from--;
        string where = grid.Axes.Count > 1 ? ", in every combination of the other options" : "";
        return from == below.Length ? null
            : from == 0 ? $"Everywhere some layer's numerical rank, mean over seeds, is below K = {Format.Text(classes)}."
            : $"From {axis.Option} {axis.Names[from]} on some layer's numerical rank, mean over seeds, is below K = {Format.Text(classes)}{where}.";
    }

    private static bool? IsBelow(SweepCell cell, int classes) => cell.Layers(static layer => layer.NumericalRank) is { Length: > 0 } ranks && ranks.All(static rank => rank is not null) ? ranks.Min() < classes : null;

    // Whether the rank of a weight goes with the variability of what enters it, over combinations.
    private static string? RankAndVariability(SweepGrid grid)
    {
        (string Name, Number Correlation, int Points)[] layers =
        [
            .. Enumerable.Range(0, grid.Cells.Max(static cell => cell.LayerCount)).Select(layer =>
            {
                (double Rank, double Tcv)[] points = [.. grid.Cells.Select(cell => (Rank: cell.Layer(layer, static facts => facts.NumericalRank).Value, Tcv: cell.Layer(layer, SweepCell.VariabilityAboveRounding).Value)).Where(static pair => pair is { Rank: not null, Tcv: not null }).Select(static pair => (pair.Rank!.Value, pair.Tcv!.Value))];
                return (Format.Text(layer + 1), RankCorrelation.Spearman([.. points.Select(static point => point.Tcv)], [.. points.Select(static point => point.Rank)]), points.Length);
            }).Where(static layer => layer.Length >= LeastPoints && layer.Item2.IsDefined),
        ];
        return layers.Length == 0 ? null
            : $"Over the combinations the numerical rank of a weight and the TCV of its input have Spearman's rank correlation {string.Join(", ", layers.Select(static layer => $"{Format.Text(layer.Correlation)} (layer {layer.Name})"))}; both may follow what differs, and neither need cause the other.";
    }

    // Pooled over the other options: what a share along one axis means.
    private static string? Collapse(SweepGrid grid, SweepGridAxis axis)
    {
        BinomialInterval?[] shares = [.. axis.Values.Select(value => SweepEndings.Collapsed(grid.Cells.Where(cell => string.Equals(cell.Values[axis.Index], value, StringComparison.Ordinal))))];
        if (shares[0] is not { } first || shares[^1] is not { } last)
            return null;
        string pooled = grid.Axes.Count > 1 ? ", over all values of the other options" : "";
        return $"At {axis.Option} {axis.Names[0]}, {SweepEndings.Text(first)} starts end in DNC, at {axis.Option} {axis.Names[^1]}, {SweepEndings.Text(last)}{pooled} (in brackets Wilson's intervals, 95 %).";
    }

    private static string Count(int number, string what) => number == 0 ? "" : $", {Format.Text(number)} {what}";
}
