using Eigenscope.Analysis;

namespace Eigenscope.Experiments.Reports;

/// <summary>What is said of a measured network, whoever trained it, in sentences with numbers.</summary>
internal static class NetworkFindings
{
    private const double LeastGap = 2.0;

    // Eigenvalues below this share of the largest may be zeros with noise; a gap among them says nothing.
    private const double Rounding = 1e-8;

    /// <summary>A layer that sees nothing; null without one.</summary>
    public static string? Dead(IReadOnlyList<LayerReport> layers) => layers.FirstOrDefault(static layer => layer.Input.SecondMoment is [0.0, ..]) is { } dead
        ? $"All features that enter layer {dead.Name} are zero: from there on the network does not see its input."
        : null;

    /// <summary>NC1 from layer to layer.</summary>
    public static string Collapse(IReadOnlyList<LayerReport> layers)
    {
        Number[] nc1 = [.. layers.Select(static layer => layer.Input.Collapse.Nc1TraceRatio)];
        if (nc1.Length > NumberList.MostWritten && nc1.All(static number => number.IsDefined))
            return LongCollapse(layers);
        string list = string.Join(" → ", layers.Select(static layer => SubsetErrors.Nc1(layer.Input)));
        if (nc1.Any(static number => !number.IsDefined))
            return $"NC1 at the layers' inputs: {list}.";
        bool falls = nc1.Zip(nc1.Skip(1), static (above, below) => below.Value < above.Value).All(static step => step);
        return falls ? $"Within-class variability falls layer by layer: NC1 {list}." : $"Within-class variability does not fall at every layer: NC1 {list}.";
    }

    // Of many layers the ends, and where the order is broken: twenty numbers in a row say nothing.
    private static string LongCollapse(IReadOnlyList<LayerReport> layers)
    {
        double[] nc1 = [.. layers.Select(static layer => layer.Input.Collapse.Nc1TraceRatio.Value!.Value)];
        string[] names = [.. layers.Select(static layer => layer.Name)];
        string ends = $"NC1 goes from {SubsetErrors.Nc1(layers[0].Input)} at the input of {names[0]} to {SubsetErrors.Nc1(layers[^1].Input)} at that of {names[^1]}";
        string[] rises = [.. Enumerable.Range(1, nc1.Length - 1).Where(i => nc1[i] >= nc1[i - 1]).Select(i => names[i])];
        return rises.Length == 0
            ? $"Within-class variability falls layer by layer: {ends}."
            : $"Within-class variability does not fall at every layer: {ends}, and rises at {Format.Text(rises.Length)} of {Format.Text(nc1.Length - 1)} steps (to {PlaceNames.List(rises, names)}).";
    }

    /// <summary>Where the full Hessian's top eigenvalues fall most.</summary>
    /// <param name="classes">K.</param>
    /// <param name="spectra">All spectra.</param>
    public static IEnumerable<string> Gap(int classes, IReadOnlyList<SpectrumReport> spectra)
    {
        foreach (SpectrumReport spectrum in spectra)
        {
            if (spectrum.Operator is not "hessian" || spectrum.Scope is not "all" || spectrum.Eigenvalues.Count <= classes * classes)
                continue;
            IReadOnlyList<double> values = spectrum.Eigenvalues;
            int widest = Enumerable.Range(1, classes * classes).Where(i => values[i] > Rounding * values[0]).DefaultIfEmpty(0).MaxBy(i => i == 0 ? 0.0 : values[i - 1] / values[i]);
            if (widest > 0 && values[widest - 1] / values[widest] >= LeastGap)
                yield return $"The full Hessian's widest gap among its top K² + 1 eigenvalues is after the first {Format.Text(widest)}: {SubsetErrors.At(spectrum, widest)} above {SubsetErrors.At(spectrum, widest + 1)}.";
        }
    }
}
