using System.Globalization;
using System.Text;
using Eigenscope.Experiments.Store;
using Eigenscope.Formats;

namespace Eigenscope.Experiments.Sweeps;

/// <summary>A sweep as a table for a user's own plots: one line a run and layer, all options as columns. What is undefined is empty.</summary>
internal static class SweepCsv
{
    private static readonly (string Name, Func<SweepRunReport, double?> Value)[] OfRuns =
    [
        ("loss", static run => run.Loss),
        ("dataLoss", static run => run.Facts?.DataLoss),
        ("accuracy", static run => run.Facts?.Accuracy),
        ("testAccuracy", static run => run.Facts?.TestAccuracy),
        ("stationarity", static run => run.Facts?.Stationarity),
        ("theoryLoss", static run => run.Facts?.TheoryLoss),
        ("seconds", static run => run.Seconds),
    ];

    private static readonly (string Name, Func<LayerFacts, double?> Value)[] OfLayers =
    [
        ("stableRank", static layer => layer.StableRank),
        ("numericalRank", static layer => layer.NumericalRank),
        ("effectiveRank", static layer => layer.EffectiveRank),
        ("rankKDistance", static layer => layer.RankKDistance),
        ("relativeRankKDistance", static layer => layer.RelativeRankKDistance),
        ("tcv", static layer => layer.Tcv),
        ("nc1TraceRatio", static layer => layer.Nc1),
        ("boundMiddle", static layer => layer.BoundMiddle),
        ("boundRight", static layer => layer.BoundRight),
        ("boundSlack", static layer => layer.BoundSlack),
    ];

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, SweepResult result) => AtomicFile.Write(path, stream =>
    {
        using StreamWriter writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
        string[] options = [.. result.Runs.SelectMany(static run => run.Options.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        writer.WriteLine(string.Join(',', (string[])["id", .. options.Select(Quote), "seed", "status", "ending", .. OfRuns.Select(static column => column.Name), "layer", "layerName", .. OfLayers.Select(static column => column.Name)]));
        foreach (SweepRunReport run in result.Runs)
        {
            string[] start =
            [
                run.Id, .. options.Select(option => Quote(run.Options.GetValueOrDefault(option, ""))), run.Seed.ToString(CultureInfo.InvariantCulture), run.Status, run.Facts?.Ending ?? "",
                .. OfRuns.Select(column => Text(column.Value(run))),
            ];
            IReadOnlyList<LayerFacts> layers = run.Facts?.Layers ?? [];
            for (int layer = 0; layer < Math.Max(1, layers.Count); layer++)
                writer.WriteLine(string.Join(',', [.. start, .. layers.Count == 0 ? new string[OfLayers.Length + 2] : Layer(layer, layers[layer])]));
        }
    });

    private static string[] Layer(int index, LayerFacts layer) =>
        [(index + 1).ToString(CultureInfo.InvariantCulture), Quote(layer.Name), .. OfLayers.Select(column => Text(column.Value(layer)))];

    private static string Text(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    private static string Quote(string text) => text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
