using System.Globalization;
using Eigenscope.Experiments.Reports;

namespace Eigenscope.Experiments.Store;

/// <summary>Runs as tables for people.</summary>
internal static class RunTables
{
    public const string Seed = "seed";

    public static SummaryTable List(RunListResult result, int limit) => new(
        $"{Format.Text(result.Count)} runs in {result.Store}",
        [Text("run"), Text("command"), Text("sweep"), Text("status"), Numeric("seed"), Numeric("loss"), Numeric("accuracy"), Numeric("test"), Numeric("seconds"), Text("options")],
        [.. result.Runs.Take(limit).Select(static run => (IReadOnlyList<string>)
        [
            run.Id, run.Command, run.Name, run.Status, run.Seed.ToString(CultureInfo.InvariantCulture), Real(run.Loss), Real(run.Accuracy), Real(run.TestAccuracy), Real(run.Seconds), run.Error ?? Options(run.Options),
        ])],
        result.Runs.Count > limit ? [$"The latest {Format.Text(limit)}; --limit shows more, --json holds all."] : []);

    public static IReadOnlyList<SummaryTable> Show(RunShowResult result)
    {
        RunRecord run = result.Run;
        List<IReadOnlyList<string>> rows =
        [
            ["command", run.Command], ["sweep", run.Name], ["options", Options(run.Options)], [Seed, run.Seed.ToString(CultureInfo.InvariantCulture)], ["threads", Format.Text(run.Threads)], ["status", run.Status],
        ];
        if (run.Error is { } error)
            rows.Add(["why", error]);
        rows.AddRange([["loss", Real(run.Facts?.Loss)], ["accuracy", Real(run.Facts?.Accuracy)], ["test accuracy", Real(run.Facts?.TestAccuracy)], ["seconds", Format.Text(run.Seconds)], ["finished", run.Finished.ToString("u", CultureInfo.InvariantCulture)], ["version", run.Version], ["in", result.Path]]);
        foreach (StoredFile file in run.Files)
            rows.Add(["file", string.Create(CultureInfo.InvariantCulture, $"{file.Name}, {file.Bytes:N0} bytes, sha256 {file.Sha256[..12]}…")]);
        List<SummaryTable> tables = [new SummaryTable($"Run {run.Id}", [Text(""), Text("")], rows, [])];
        if (run.Facts is { Layers.Count: > 0 } facts)
            tables.Add(Layers(facts));
        return tables;
    }

    public static SummaryTable Compare(RunCompareResult result, int limit) => new(
        $"{Format.Text(result.Runs.Count)} runs side by side",
        [Text("run"), .. result.Differing.Select(Numeric), Text("status"), Numeric("loss"), Numeric("accuracy"), Numeric("test"), Numeric("numerical ranks"), Numeric("seconds")],
        [.. result.Runs.Take(limit).Select(run => (IReadOnlyList<string>)
        [
            run.Id, .. result.Differing.Select(option => run.Differing.GetValueOrDefault(option, "default")), run.Status, Real(run.Facts.Loss), Real(run.Facts.Accuracy), Real(run.Facts.TestAccuracy),
            run.Facts.Layers.Count == 0 ? Format.Undefined : string.Join(" ", run.Facts.Layers.Select(static layer => Real(layer.NumericalRank))), Real(run.Seconds),
        ])],
        [
            "Numerical ranks (σ > 1e-3 σ₁) of the weights, first layer to last.",
            .. result.Runs.Count > limit ? [$"The latest {Format.Text(limit)}; --limit shows more, --json holds all."] : Array.Empty<string>(),
        ]);

    private static SummaryTable Layers(RunFacts facts) => new(
        "Layers",
        [Text("layer"), Numeric("stable rank"), Numeric("numerical rank"), Numeric("effective rank"), Numeric("to rank K"), Numeric("TCV"), Numeric("NC1"), Numeric("bound middle"), Numeric("bound right"), Numeric("slack")],
        [.. facts.Layers.Select(static layer => (IReadOnlyList<string>)
        [
            layer.Name, Real(layer.StableRank), Real(layer.NumericalRank), Real(layer.EffectiveRank), Real(layer.RankKDistance), Real(layer.Tcv), Real(layer.Nc1), Real(layer.BoundMiddle), Real(layer.BoundRight), Real(layer.BoundSlack),
        ])],
        ["To rank K: distance of the weight in the Frobenius norm, at most middle + slack of the derived TCV bound. TCV and NC1 (trace ratio) of the layer's input."]);

    private static string Real(double? value) => value is { } number ? Format.Text(number) : Format.Undefined;

    private static string Options(IReadOnlyDictionary<string, string> options) => options.Count == 0 ? "defaults" : string.Join(" ", options.Select(static option => $"{option.Key}={option.Value}"));

    private static SummaryColumn Text(string header) => new(header, IsNumeric: false);

    private static SummaryColumn Numeric(string header) => new(header, IsNumeric: true);
}
