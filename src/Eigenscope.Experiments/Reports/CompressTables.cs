namespace Eigenscope.Experiments.Reports;

/// <summary>A compression as tables for people.</summary>
internal static class CompressTables
{
    public static IReadOnlyList<SummaryTable> Build(CompressResult result) =>
        [Network(result), Weights(result), .. result.Curve.Count > 0 ? [Curve(result)] : Array.Empty<SummaryTable>()];

    private static SummaryTable Network(CompressResult result) => new(
        "The network before and after",
        [Text(""), Numeric("parameters"), Numeric("accuracy"), Numeric("operations"), Numeric("µs per sample"), Numeric("from"), Numeric("to")],
        [
            ["before", Format.Text(result.ParametersBefore), Format.Accuracy(result.AccuracyBefore), Format.Text(result.FlopsBefore), .. Time(result.Time.Before)],
            ["after", Format.Text(result.ParametersAfter), Format.Accuracy(result.AccuracyAfter), Format.Text(result.FlopsAfter), .. Time(result.Time.After)],
            ["ratio", Format.Text(result.ParametersKept), CompressFindings.Points(-result.AccuracyDrop, result.StandardError), Format.Text(result.FlopsAfter / (double)result.FlopsBefore), Format.Text(result.Time.After.Median / result.Time.Before.Median), "", ""],
        ],
        [$"accuracy: on {Format.Text(result.TestSamples)} {(result.HeldOut ? "held-out " : "")}samples, ± the standard error of the paired difference; operations: of the products with weights, per sample; µs per sample: median of {Format.Text(result.Time.Rounds)} rounds, from the fastest to the slowest."]);

    private static string[] Time(TimeReport time) => [Format.Text(time.Median), Format.Text(time.Least), Format.Text(time.Most)];

    private static SummaryTable Weights(CompressResult result) => new(
        "Weights",
        [Text("layer"), Numeric("shape"), Numeric("rank"), Numeric("numerical"), Numeric("kept"), Numeric("Σσ² kept"), Numeric("numbers"), Numeric("kept"), Numeric("error"), Numeric("least"), Numeric("relative"), Numeric("predicted"), Numeric("beyond it")],
        [.. result.Layers.Select(static layer => (IReadOnlyList<string>)
        [
            layer.Name,
            string.Join('×', layer.Shape.Select(Format.Text)),
            Format.Text(layer.RankBefore),
            Format.Text(layer.NumericalRank),
            layer.Factored ? Format.Text(layer.RankAfter) : "all",
            layer.EnergyKept.Value is { } energy ? Format.Accuracy(energy) : Format.Undefined,
            Format.Text(layer.ParametersBefore),
            Format.Text(layer.ParametersAfter),
            Format.Text(layer.TruncationError),
            Format.Text(layer.EckartYoungError),
            Format.Text(layer.RelativeError),
            Format.Text(layer.PredictedRank),
            Format.Text(layer.RelativePredictedError),
        ])],
        [
            "rank: number of singular values; numerical: those above 1e-3 σ₁; kept: rank of the product of factors; numbers: in the weight, and kept in its factors; error: ‖W − AB‖_F before fine-tuning; least: (Σ σ_j²)^½ over what was cut; relative: error over ‖W‖_F; predicted: rank in a collapsed network; beyond it: least relative error at that rank.",
            .. UndefinedNotes.Lines(result.Layers.SelectMany(static layer => new[] { ("relative error", layer.Name, layer.RelativeError), ("rank", layer.Name, layer.NumericalRank) }), [.. result.Layers.Select(static layer => layer.Name)]),
        ]);

    private static SummaryTable Curve(CompressResult result) => new(
        "One rank for every weight",
        [Numeric("rank"), Numeric("parameters"), Numeric("kept"), Numeric("singular values kept"), Numeric("accuracy")],
        [.. result.Curve.Select(static point => (IReadOnlyList<string>)
        [
            Format.Text(point.Rank),
            Format.Text(point.Parameters),
            Format.Percent(point.ParametersKept),
            Format.Percent(point.SingularValuesKept),
            Format.Accuracy(point.Accuracy),
        ])],
        ["Weights whose factors would hold no fewer numbers stay whole; without fine-tuning. Nothing was chosen by these accuracies."]);

    private static SummaryColumn Text(string header) => new(header, IsNumeric: false);

    private static SummaryColumn Numeric(string header) => new(header, IsNumeric: true);
}
