using System.Globalization;
using System.Text.Json;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Experiments.Tests.UnconstrainedFeatures;

/// <summary>Measured is measured: a perturbed weight moves what is measured and nothing that is predicted.</summary>
public sealed class UfmPerturbationTests
{
    private const double Perturbation = 1e-3;
    private const int Depth = 3;

    // Counts, names, verdicts and settings; and what a perturbation of 1e-3 cannot turn: accuracies, ranks, a cut that is rounding, the exact ones of a linear model.
    private static readonly string[] Fixed =
    [
        "accuracy", "parameters", "iterations", "rank", "hiddenRank", "dimension", "shape", "samples", "operatorApplications", "nc1PseudoInverseRank", "nc4Agreement", "numericalRank", "numericalRankThreshold",
        "alignmentTopKUsed", "alignmentTopK2Used", "subspaceOverlapUsed", "overlapUsed", "standardError", "exponent", "rightShare", "count", "initScale", "multiplicityTolerance", "used", "origins",
    ];

    // A last weight of K rows has rank K whatever its entries.
    private static readonly string[] Vacuous = ["/layers[2]/weight/rankKDistance", "/layers[2]/weight/relativeRankKDistance", "/layers[2]/tcvBound/distance"];

    // What a layer's formula does not contain: the features that enter the first layer are not moved by any weight, and so on; the union over all perturbations is asked for.
    [Fact]
    public void Every_measured_number_moves_with_some_parameter_and_no_predicted_one_with_any()
    {
        UfmPlan plan = UfmRecipe.Resolve(UfmRuns.Small with { Classes = 3, PerClass = 4, Width = 6, Depth = Depth, FeatureDecay = 1.25e-3 }, UfmRuns.Settings);
        Objective joint = Objective.Create(plan.Joint, FeatureTableLayer.Indices(plan.Samples), plan.Labels, plan.Loss, RunHost.Start(UfmRuns.Settings).Compute, new ObjectiveOptions());
        TrainedUfm trained = new UfmTraining(plan, joint, new RandomStream(0), new RunClock(TimeProvider.System), null).Run(CancellationToken.None);
        Snapshot end = trained.Snapshots[^1];
        Dictionary<string, string> baseline = Measure(plan, joint, trained, end);
        HashSet<string> moved = [];
        foreach (ParameterBlock block in plan.Joint.Blocks)
        {
            double[] parameters = [.. end.Parameters];
            parameters[block.Offset + 1] += Perturbation;
            Dictionary<string, string> perturbed = Measure(plan, joint, trained, end with { Parameters = parameters });
            string[] changed = [.. baseline.Where(entry => perturbed.GetValueOrDefault(entry.Key) != entry.Value).Select(static entry => entry.Key)];
            Assert.DoesNotContain(changed, IsPredicted);
            moved.UnionWith(changed);
        }

        Assert.Contains(baseline.Keys, IsPredicted);
        string[] still = [.. baseline.Keys.Where(path => IsMeasured(path) && !moved.Contains(path))];
        Assert.True(still.Length == 0, string.Join(' ', still));
    }

    private static Dictionary<string, string> Measure(UfmPlan plan, Objective joint, TrainedUfm trained, Snapshot point)
    {
        UfmMeasurement measurement = new(plan, joint, new RandomStream(3), static _ => { }, CancellationToken.None);
        MeasuredUfm measured = measurement.MeasureFinal(point);
        UfmResult result = Ufm.Describe(plan, joint, trained, point, measured, [], partial: false);
        Report report = new() { Command = "ufm", Version = "0", Environment = new RunEnvironment("", null, 2, "float64", "", ""), Config = new Dictionary<string, object?>(StringComparer.Ordinal), Result = result, IsConverged = true };
        using MemoryStream stream = new();
        ReportJson.Write(report, stream);
        using JsonDocument document = JsonDocument.Parse(stream.ToArray());
        Dictionary<string, string> leaves = new(StringComparer.Ordinal);
        Flatten(document.RootElement.GetProperty("result"), "", leaves);
        return leaves;
    }

    // A list of numbers is one leaf: of 144 equal eigenvalues not every one has to move. Multiplicities fall apart, so they are one leaf too.
    private static void Flatten(JsonElement element, string path, Dictionary<string, string> leaves)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in element.EnumerateObject())
                Flatten(property.Value, $"{path}/{property.Name}", leaves);
        }
        else if (element.ValueKind == JsonValueKind.Array && element.GetArrayLength() > 0 && element[0].ValueKind == JsonValueKind.Object && !path.EndsWith("/multiplicities", StringComparison.Ordinal))
        {
            int index = 0;
            foreach (JsonElement item in element.EnumerateArray())
                Flatten(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{index++}]"), leaves);
        }
        else if (element.ValueKind is JsonValueKind.Number || (element.ValueKind is JsonValueKind.Array && element.GetArrayLength() > 0))
        {
            leaves[path] = element.GetRawText();
        }
    }

    private static bool IsPredicted(string path)
    {
        if (path.Contains("/predicted/groups", StringComparison.Ordinal) || (path.StartsWith("/nullity", StringComparison.Ordinal) && path.EndsWith("/predicted", StringComparison.Ordinal)))
            return true;
        // Which solution the run ended in is told by the run, and it is the same run here.
        return path.StartsWith("/theory/", StringComparison.Ordinal) && path is not "/theory/rank" && (!path.StartsWith("/theory/comparisons", StringComparison.Ordinal) || IsScalarPrediction(path));
    }

    // Loss, gain and three numbers a layer. Of a spectrum, a comparison shows the eigenvalue that is farthest off: which one that is, is measured.
    private static bool IsScalarPrediction(string path) =>
        Enumerable.Range(0, 2 + (3 * Depth)).Any(i => path == string.Create(CultureInfo.InvariantCulture, $"/theory/comparisons[{i}]/predicted"));

    // How many eigenvectors live on which part: counts, as which part each lives on is a verdict; the shares they rest on have to move.
    private static bool IsCount(string path) => path.Contains("/origins/outliers/", StringComparison.Ordinal) || path.Contains("/origins/miniBulk/", StringComparison.Ordinal);

    private static bool IsMeasured(string path) =>
        !IsPredicted(path) && !IsCount(path) && !(path.StartsWith("/theory/comparisons", StringComparison.Ordinal) && path.EndsWith("/predicted", StringComparison.Ordinal)) && !path.StartsWith("/attempts", StringComparison.Ordinal) && !path.StartsWith("/ranks", StringComparison.Ordinal) && !path.StartsWith("/endings", StringComparison.Ordinal)
        && !Vacuous.Contains(path, StringComparer.Ordinal) && !Fixed.Contains(path[(path.LastIndexOf('/') + 1)..], StringComparer.Ordinal);
}
