using System.Text.Json.Serialization;
using Eigenscope.Experiments.Store;

namespace Eigenscope.Experiments.Sweeps;

/// <summary>One combination of options over its seeds; a number that no run of it has is null, and not written.</summary>
public sealed record SweepCellReport
{
    /// <summary>The options that differ in the sweep, with this combination's values.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }

    /// <summary>Number of runs, one a seed.</summary>
    public required int Runs { get; init; }

    /// <summary>Number of them that are done; the numbers below are of these.</summary>
    public required int Done { get; init; }

    /// <summary>Number of them that ended with a message.</summary>
    public required int Failed { get; init; }

    /// <summary>Number of them that the store has nothing of.</summary>
    public required int Missing { get; init; }

    /// <summary>Number of them that are done and in which every iterative number converged.</summary>
    public required int Converged { get; init; }

    /// <summary>Number of classes, K.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Classes { get; init; }

    /// <summary>The objective at the end.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SweepEstimate? Loss { get; init; }

    /// <summary>Share of the measured samples that are classified correctly.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SweepEstimate? Accuracy { get; init; }

    /// <summary>Share of the held-out samples that are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SweepEstimate? TestAccuracy { get; init; }

    /// <summary>Numerical rank of the weights, mean over the layers of a run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SweepEstimate? NumericalRank { get; init; }

    /// <summary>The layers, from the input on.</summary>
    public IReadOnlyList<SweepLayerReport> Layers { get; init; } = [];

    /// <summary>Which known solutions its runs ended in, for <c>ufm</c>; empty for other commands.</summary>
    public IReadOnlyList<SweepEnding> Endings { get; init; } = [];

    internal static SweepCellReport Of(IReadOnlyList<SweepAxis> axes, SweepCell cell) => new()
    {
        Options = axes.Zip(cell.Values).ToDictionary(static pair => pair.First.Option, static pair => pair.Second, StringComparer.Ordinal),
        Runs = cell.Runs.Count,
        Done = cell.Done.Count,
        Failed = cell.Runs.Count(static run => run.Status is RunRecord.Failed),
        Missing = cell.Runs.Count(static run => run.Status is RunRecord.Missing),
        Converged = cell.Done.Count(static run => run.Facts!.Converged),
        Classes = cell.Classes,
        Loss = SweepEstimate.Of(cell.Mean(static run => run.Facts!.Loss)),
        Accuracy = SweepEstimate.Of(cell.Mean(static run => run.Facts!.Accuracy)),
        TestAccuracy = SweepEstimate.Of(cell.Mean(static run => run.Facts!.TestAccuracy)),
        NumericalRank = SweepEstimate.Of(cell.Mean(SweepCell.MeanRank)),
        Layers = [.. Enumerable.Range(0, cell.LayerCount).Select(layer => SweepLayerReport.Of(cell, layer))],
        Endings = [.. cell.Endings().Select(static ending => new SweepEnding(ending.Ending, ending.Share.Count, ending.Share.Trials, ending.Share.Share, ending.Share.Low, ending.Share.High))],
    };
}

/// <summary>A mean over seeds.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="StandardError">Its standard error; null, and not written, of a single seed.</param>
public sealed record SweepEstimate(double Mean, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? StandardError)
{
    internal static SweepEstimate? Of(SeedMean mean) => mean.Value is { } value ? new SweepEstimate(value, mean.StandardError) : null;
}

/// <summary>How often runs of a combination ended in one of the known solutions.</summary>
/// <param name="Ending">Its name, or "none" for those that ended in none of them.</param>
/// <param name="Count">How many did.</param>
/// <param name="Of">Out of how many that were compared with known solutions.</param>
/// <param name="Share">Count / Of.</param>
/// <param name="Low">Lower end of the interval that holds the probability with 95 % confidence (Wilson).</param>
/// <param name="High">Its upper end.</param>
public sealed record SweepEnding(string Ending, int Count, int Of, double Share, double Low, double High);

/// <summary>One layer of a combination, each number a mean over the seeds; null, and not written, where no run has it.</summary>
public sealed record SweepLayerReport
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Singular values of the weight above 1e-3 σ_1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SweepEstimate? NumericalRank { get; init; }

    /// <summary>‖W‖_F²/‖W‖².</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SweepEstimate? StableRank { get; init; }

    /// <summary>exp of the entropy of σ/Σσ.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SweepEstimate? EffectiveRank { get; init; }

    /// <summary>Distance of the weight to rank K in the Frobenius norm.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SweepEstimate? RankKDistance { get; init; }

    /// <summary>Total cluster variation of the layer's input.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SweepEstimate? Tcv { get; init; }

    /// <summary>NC1 trace ratio of the layer's input.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SweepEstimate? Nc1 { get; init; }

    /// <summary>Middle of the derived TCV bound.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SweepEstimate? BoundMiddle { get; init; }

    /// <summary>Right side of it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SweepEstimate? BoundRight { get; init; }

    /// <summary>Its slack.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SweepEstimate? BoundSlack { get; init; }

    internal static SweepLayerReport Of(SweepCell cell, int layer)
    {
        SweepEstimate? Mean(Func<LayerFacts, double?> value) => SweepEstimate.Of(cell.Layer(layer, value));
        return new SweepLayerReport
        {
            Name = cell.Done.First(run => layer < run.Facts!.Layers.Count).Facts!.Layers[layer].Name,
            NumericalRank = Mean(static facts => facts.NumericalRank),
            StableRank = Mean(static facts => facts.StableRank),
            EffectiveRank = Mean(static facts => facts.EffectiveRank),
            RankKDistance = Mean(static facts => facts.RankKDistance),
            Tcv = Mean(static facts => facts.Tcv),
            Nc1 = Mean(static facts => facts.Nc1),
            BoundMiddle = Mean(static facts => facts.BoundMiddle),
            BoundRight = Mean(static facts => facts.BoundRight),
            BoundSlack = Mean(static facts => facts.BoundSlack),
        };
    }
}
