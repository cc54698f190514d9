using Eigenscope.Analysis;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Experiments.Reports;

/// <summary>The doubt that comes from measuring a part of the training samples, or of a population, in words: "±" behind the numbers that carry it, and reasons where there is none.</summary>
internal static class SubsetErrors
{
    private const int MostNamed = 4;

    /// <summary>What a study's samples are a part of.</summary>
    public const string TrainingSamples = "all training samples";

    /// <summary>What samples that are given with a model are a part of.</summary>
    public const string Population = "the population that the samples are from";

    /// <summary>What stands below a table.</summary>
    /// <param name="whole">What the samples measured are a part of.</param>
    public static string Note(string whole) => $"±: standard error, as a number of {whole}, of measuring a part of {(whole is Population ? "it" : "them")}.";

    /// <summary>What it means, for whoever reads one page.</summary>
    private static string Meaning(string whole) => (whole is Population ? "The samples are taken for a draw, class by class." : "Only a part of the training samples is measured.")
        + $" ± behind NC1 and behind the K largest eigenvalues is the standard error of the number as one of {whole} (every class weighing the same): of NC1 by a bootstrap within classes, of Gauss–Newton matrices by the infinitesimal jackknife, of other Hessians by random halves of the samples. No other number carries this error, and none along training.";

    /// <summary>NC1 at a layer's input.</summary>
    public static string Nc1(FeatureReport input) => Format.Text(input.Collapse.Nc1TraceRatio, input.Nc1StandardError);

    /// <summary>NC1 of the logits.</summary>
    public static string Nc1(OutputReport output) => Format.Text(output.Collapse.Nc1TraceRatio, output.Nc1StandardError);

    /// <summary>The eigenvalue of a rank, from 1; a dash where there is none.</summary>
    public static string At(SpectrumReport spectrum, int rank)
    {
        if (spectrum.Eigenvalues.Count < rank)
            return Format.Undefined;
        return Format.Text(Number.Of(spectrum.Eigenvalues[rank - 1]), spectrum.EigenvalueStandardErrors is { } errors && errors.Count >= rank ? Number.Of(errors[rank - 1]) : null);
    }

    /// <summary>NC1's errors, where they were asked for: what, where, and the number.</summary>
    public static IEnumerable<(string What, string Where, Number Number)> OfCollapse(IReadOnlyList<LayerReport> layers, OutputReport? output) =>
        layers.Select(static layer => (layer.Name, layer.Input.Nc1StandardError)).Append((PlaceNames.Logits, output?.Nc1StandardError))
            .Where(static entry => entry.Item2 is not null)
            .Select(static entry => ("the standard error of NC1", entry.Item1, entry.Item2!.Value));

    /// <summary>Why spectra have no errors: one sentence for each reason.</summary>
    public static IEnumerable<string> Missing(IReadOnlyList<SpectrumReport> spectra) => spectra
        .Where(static spectrum => spectrum.EigenvalueStandardErrorsReason is not null)
        .GroupBy(static spectrum => spectrum.EigenvalueStandardErrorsReason!, StringComparer.Ordinal)
        .Select(static group => $"No ± for {Names([.. group])}: {group.Key.TrimEnd('.')}.");

    /// <summary>Everything a page says of it; empty where the samples measured are the whole.</summary>
    public static IEnumerable<string> Doubts(IReadOnlyList<LayerReport> layers, OutputReport? output, IReadOnlyList<SpectrumReport> spectra, string whole = TrainingSamples)
    {
        if (!OfCollapse(layers, output).Any() && spectra.All(static spectrum => spectrum is { EigenvalueStandardErrors: null, EigenvalueStandardErrorsReason: null }))
            return [];
        return [Meaning(whole), .. Missing(spectra), .. Biased(layers, output, whole), .. spectra.SelectMany(spectrum => OfSpectrum(spectrum, whole))];
    }

    private static IEnumerable<string> Biased(IReadOnlyList<LayerReport> layers, OutputReport? output, string whole)
    {
        (string Name, Number? Error, Number? Bias)[] all = [.. layers.Select(static layer => (layer.Name, layer.Input.Nc1StandardError, layer.Input.Nc1Bias)), (PlaceNames.Logits, output?.Nc1StandardError, output?.Nc1Bias)];
        string[] biased = [.. all.Where(static entry => IsBiased(entry.Error?.Value, entry.Bias?.Value)).Select(static entry => entry.Name)];
        if (biased.Length > 0)
            yield return $"NC1 at {PlaceNames.Of(biased, [.. layers.Select(static layer => layer.Name)])} differs from that of {whole} by a bias larger than its standard error; both are in the file of --json.";
    }

    private static IEnumerable<string> OfSpectrum(SpectrumReport spectrum, string whole)
    {
        string name = $"{spectrum.Operator} {spectrum.Scope}";
        if (spectrum.EigenvalueSplits is < SubsetDoubt.Splits and { } splits)
            yield return $"{name}: standard errors rest on {Format.Text(splits)} of {Format.Text(SubsetDoubt.Splits)} splits into halves; in the others a half did not converge.";
        if (spectrum is not { EigenvalueStandardErrors: { } errors, EigenvalueBiases: { } biases })
            yield break;
        int biased = errors.Zip(biases).Count(static pair => IsBiased(pair.First, pair.Second));
        if (biased > 0)
            yield return $"{name}: of the {Format.Text(errors.Count)} eigenvalues with ±, {Format.Text(biased)} {(biased == 1 ? "differs" : "differ")} from those of {whole} by a bias larger than the standard error, the largest by {Format.Text(biases[0])}.";
    }

    private static bool IsBiased(double? error, double? bias) => bias is { } offset && error is { } doubt && Math.Abs(offset) > doubt;

    private static string Names(SpectrumReport[] spectra) =>
        string.Join(", ", spectra.Take(MostNamed).Select(static spectrum => $"{spectrum.Operator} {spectrum.Scope}")) + (spectra.Length > MostNamed ? $" and {Format.Text(spectra.Length - MostNamed)} more" : "");
}
