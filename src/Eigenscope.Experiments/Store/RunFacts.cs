using System.Text.Json;
using System.Text.Json.Serialization;

namespace Eigenscope.Experiments.Store;

/// <summary>The numbers of a run that tables and pages of many runs show, read off its report; what the command does not measure, or is undefined, is null and not written.</summary>
public sealed record RunFacts
{
    /// <summary>The objective at the end; of Deep RFM null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Loss { get; init; }

    /// <summary>The data loss at the end.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? DataLoss { get; init; }

    /// <summary>Share of the measured samples that are classified correctly.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Accuracy { get; init; }

    /// <summary>Share of the held-out samples that are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? TestAccuracy { get; init; }

    /// <summary>Norm of the objective's gradient.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Stationarity { get; init; }

    /// <summary>Whether every iterative number converged.</summary>
    public bool Converged { get; init; }

    /// <summary>The known solution that a <c>ufm</c> run ended in, by its structure: dnc, low-rank, …; null for none, and for other commands.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Ending { get; init; }

    /// <summary>How many of a <c>ufm</c> run's independent starts ended in each solution; empty for other commands.</summary>
    public IReadOnlyDictionary<string, int> Endings { get; init; } = new SortedDictionary<string, int>(StringComparer.Ordinal);

    /// <summary>Loss of the collapsed solution in closed form, for <c>ufm</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? TheoryLoss { get; init; }

    /// <summary>Number of classes, K.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Classes { get; init; }

    /// <summary>The layers, in the order of the report.</summary>
    public IReadOnlyList<LayerFacts> Layers { get; init; } = [];

    /// <summary>Reads a report.</summary>
    /// <param name="report">The JSON of any command that a sweep can run.</param>
    /// <returns>Its facts.</returns>
    public static RunFacts Read(JsonElement report)
    {
        JsonElement result = report.GetProperty("result");
        LayerFacts[] layers = [.. Elements(result, "layers").Select(LayerFacts.Read)];
        return new RunFacts
        {
            Loss = Real(result, "loss"),
            DataLoss = Real(result, "dataLoss"),
            Accuracy = Real(result, "accuracy") ?? LastReal(result, "trainAccuracy"),
            TestAccuracy = Find(result, "test") is { } test ? Real(test, "accuracy") : LastReal(result, "testAccuracy"),
            Stationarity = Real(result, "stationarity"),
            Converged = Find(result, "converged") is { ValueKind: JsonValueKind.True },
            Ending = Find(result, "theory") is { } theory ? Text(theory, "nearest") : null,
            Endings = EndingCounts(result),
            TheoryLoss = Find(result, "theory") is { } closed ? Real(closed, "loss") : null,
            Classes = Find(report, "config") is { } config && Real(config, "classes") is { } classes ? (int)classes : null,
            Layers = layers,
        };
    }

    /// <summary>A property that is there and not null.</summary>
    internal static JsonElement? Find(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>A number that is there and not null.</summary>
    internal static double? Real(JsonElement of, string name) => Find(of, name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;

    private static SortedDictionary<string, int> EndingCounts(JsonElement result)
    {
        SortedDictionary<string, int> counts = new(StringComparer.Ordinal);
        foreach (JsonElement ending in Elements(result, "endings"))
            counts[Text(ending, "name") ?? ""] = (int)(Real(ending, "count") ?? 0.0);
        return counts;
    }

    private static string? Text(JsonElement of, string name) => Find(of, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static IEnumerable<JsonElement> Elements(JsonElement of, string name) => Find(of, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    // Deep RFM has its accuracies layer by layer.
    private static double? LastReal(JsonElement result, string name) => Elements(result, "layers").Select(layer => Real(layer, name)).LastOrDefault();
}

/// <summary>One layer of a run.</summary>
public sealed record LayerFacts
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>‖W‖_F²/‖W‖².</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? StableRank { get; init; }

    /// <summary>Singular values above 1e-3 σ_1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? NumericalRank { get; init; }

    /// <summary>exp of the entropy of σ/Σσ.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? EffectiveRank { get; init; }

    /// <summary>Distance of the weight to rank K in the Frobenius norm.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? RankKDistance { get; init; }

    /// <summary>The same relative to ‖W‖_F.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? RelativeRankKDistance { get; init; }

    /// <summary>Total cluster variation of the layer's input; of Deep RFM of M½X.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Tcv { get; init; }

    /// <summary>NC1 trace ratio of the layer's input; of Deep RFM of M½X.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Nc1 { get; init; }

    /// <summary>Middle of the derived TCV bound.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? BoundMiddle { get; init; }

    /// <summary>Right side of the derived TCV bound.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? BoundRight { get; init; }

    /// <summary>How far from stationary the weight is, over λ: the distance is at most the middle plus this.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? BoundSlack { get; init; }

    /// <summary>Reads a layer of a report.</summary>
    internal static LayerFacts Read(JsonElement layer)
    {
        JsonElement weight = RunFacts.Find(layer, "weight") ?? default;
        JsonElement bound = RunFacts.Find(layer, "tcvBound") ?? default;
        JsonElement collapse = Collapse(layer);
        return new LayerFacts
        {
            Name = RunFacts.Find(layer, "name")?.GetString() ?? RunFacts.Find(layer, "layer")?.GetRawText() ?? "",
            StableRank = RunFacts.Real(weight, "stableRank"),
            NumericalRank = RunFacts.Real(weight, "numericalRank"),
            EffectiveRank = RunFacts.Real(weight, "effectiveRank"),
            RankKDistance = RunFacts.Real(weight, "rankKDistance"),
            RelativeRankKDistance = RunFacts.Real(weight, "relativeRankKDistance"),
            Tcv = RunFacts.Real(collapse, "tcv"),
            Nc1 = RunFacts.Real(collapse, "nc1TraceRatio"),
            BoundMiddle = RunFacts.Real(bound, "middle"),
            BoundRight = RunFacts.Real(bound, "right"),
            BoundSlack = RunFacts.Real(bound, "slack"),
        };
    }

    private static JsonElement Collapse(JsonElement layer)
    {
        if (RunFacts.Find(layer, "input") is { } input)
            return RunFacts.Find(input, "collapse") ?? default;
        return RunFacts.Find(layer, "stages") is { } stages ? RunFacts.Find(stages, "mx") ?? default : default;
    }
}
