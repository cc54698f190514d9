using System.Text.Json.Serialization;
using Eigenscope.Analysis;

namespace Eigenscope.Experiments.Reports;

/// <summary>What compressing a network came to.</summary>
public sealed record CompressResult
{
    /// <summary>How ranks were chosen: max-accuracy-drop, energy, rank or theory.</summary>
    public required string Rule { get; init; }

    /// <summary>Whether accuracies are on samples held out, or set aside here, which neither the choice of ranks nor fine-tuning saw, nor the training of the model where data is its own; false where there are none, and they are on all other samples.</summary>
    public required bool HeldOut { get; init; }

    /// <summary>Samples that accuracies are measured on.</summary>
    public required int TestSamples { get; init; }

    /// <summary>Accuracy of the network as it was.</summary>
    public required double AccuracyBefore { get; init; }

    /// <summary>Accuracy with the weights cut, before any fine-tuning.</summary>
    public required double AccuracyTruncated { get; init; }

    /// <summary>Accuracy of the network that is written.</summary>
    public required double AccuracyAfter { get; init; }

    /// <summary>By how much accuracy fell; negative where it rose.</summary>
    public required double AccuracyDrop { get; init; }

    /// <summary>Standard error of <see cref="AccuracyDrop"/>, paired over the samples; 0 where no sample changed.</summary>
    public required double StandardError { get; init; }

    /// <summary>Samples right before and wrong after.</summary>
    public required int Lost { get; init; }

    /// <summary>Samples wrong before and right after.</summary>
    public required int Gained { get; init; }

    /// <summary>Parameters of the network as it was.</summary>
    public required int ParametersBefore { get; init; }

    /// <summary>Parameters of the network that is written.</summary>
    public required int ParametersAfter { get; init; }

    /// <summary>The one over the other.</summary>
    public required double ParametersKept { get; init; }

    /// <summary>Share of all weights' singular values that is kept.</summary>
    public required double SingularValuesKept { get; init; }

    /// <summary>Floating-point operations per sample of the network as it was, a multiplication and an addition each counted.</summary>
    public required long FlopsBefore { get; init; }

    /// <summary>The same of the network that is written.</summary>
    public required long FlopsAfter { get; init; }

    /// <summary>Time of a pass over the samples.</summary>
    public required TimingReport Time { get; init; }

    /// <summary>The rank that theory predicts of every weight of a collapsed network.</summary>
    public required int PredictedRank { get; init; }

    /// <summary>The search for ranks; null, and not written, where another rule chose them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RankSearchReport? Search { get; init; }

    /// <summary>Training of the factors; null, and not written, without any.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FineTuningReport? FineTuning { get; init; }

    /// <summary>The weights that can be cut, input first.</summary>
    public required IReadOnlyList<CompressedLayerReport> Layers { get; init; }

    /// <summary>The weights that stay whole whatever the ranks, with the reason, input first; they are none of <see cref="Layers"/>.</summary>
    public IReadOnlyList<UncutLayerReport> Uncut { get; init; } = [];

    /// <summary>Accuracy against size with the same rank for every weight, without fine-tuning, smallest first.</summary>
    public required IReadOnlyList<UniformRankReport> Curve { get; init; }

    /// <summary>Whether the run was interrupted and this is what was done so far.</summary>
    public required bool Partial { get; init; }
}

/// <summary>A weight before and after.</summary>
public sealed record CompressedLayerReport
{
    /// <summary>The layer's name.</summary>
    public required string Name { get; init; }

    /// <summary>dense or convolution.</summary>
    public required string Kind { get; init; }

    /// <summary>Rows and columns of the weight as a matrix.</summary>
    public required IReadOnlyList<int> Shape { get; init; }

    /// <summary>Number of its singular values, min(rows, columns).</summary>
    public required int RankBefore { get; init; }

    /// <summary>Number of them that are kept: the rank of the product; all of them where the weight stays whole.</summary>
    public required int RankAfter { get; init; }

    /// <summary>Whether two factors stand in its place; only where they hold fewer numbers.</summary>
    public required bool Factored { get; init; }

    /// <summary>Singular values above 1e-3 σ_1.</summary>
    public required Number NumericalRank { get; init; }

    /// <summary>Numbers in the weight.</summary>
    public required int ParametersBefore { get; init; }

    /// <summary>Numbers in its factors, r (m + n), or in the weight.</summary>
    public required int ParametersAfter { get; init; }

    /// <summary>Share of Σσ² that is kept.</summary>
    public required Number EnergyKept { get; init; }

    /// <summary>‖W − AB‖_F as computed from the factors, before fine-tuning.</summary>
    public required double TruncationError { get; init; }

    /// <summary>(Σ_{j&gt;r} σ_j²)^{1/2}, the least that any matrix of that rank can have.</summary>
    public required double EckartYoungError { get; init; }

    /// <summary>The truncation error over ‖W‖_F.</summary>
    public required Number RelativeError { get; init; }

    /// <summary>min of the predicted rank and the number of singular values.</summary>
    public required int PredictedRank { get; init; }

    /// <summary>Least error of a matrix of the predicted rank: how far the weight is from what theory predicts.</summary>
    public required double PredictedError { get; init; }

    /// <summary>The same over ‖W‖_F.</summary>
    public required Number RelativePredictedError { get; init; }

    /// <summary>All singular values, descending.</summary>
    public required IReadOnlyList<double> SingularValues { get; init; }
}

/// <summary>A weight that cannot be cut.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Parameters">Numbers in the weight.</param>
/// <param name="Reason">Why.</param>
public sealed record UncutLayerReport(string Name, int Parameters, string Reason);

/// <summary>How ranks were searched.</summary>
/// <param name="AllowedDrop">By how much accuracy was allowed to fall on the validation samples, two standard errors of an adjusted interval (Bonett and Price, 2012) included, which are not 0 where no sample changed.</param>
/// <param name="ValidationSamples">Training samples that the search looked at; the model was trained on them.</param>
/// <param name="Tried">Plans of ranks that were tried.</param>
/// <param name="AccuracyBefore">On the validation samples.</param>
/// <param name="AccuracyAfter">On the validation samples, of the network that is written: with the ranks found, and after fine-tuning where that was done and kept.</param>
/// <param name="StandardError">Paired standard error of the difference.</param>
/// <param name="Holds">Whether accuracy on the samples of <see cref="CompressResult.AccuracyAfter"/>, which the search never saw where they are held out, falls by no more than allowed.</param>
public sealed record RankSearchReport(double AllowedDrop, int ValidationSamples, int Tried, double AccuracyBefore, double AccuracyAfter, double StandardError, bool Holds);

/// <summary>Training of the factors.</summary>
/// <param name="Epochs">Epochs done.</param>
/// <param name="LearningRate">Learning rate; null, and not written, for an optimiser without one.</param>
/// <param name="Status">finished, interrupted, diverged, or refused where it cost more accuracy than is allowed on the samples that the search looks at; after the last two, the factors are those of the cut.</param>
public sealed record FineTuningReport(int Epochs, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? LearningRate, string Status);

/// <summary>Times per sample of the network before and after, measured in turn.</summary>
/// <param name="Rounds">Rounds that count, each of one or more passes of either network.</param>
/// <param name="Samples">Samples of a pass.</param>
/// <param name="Before">The network as it was.</param>
/// <param name="After">The one that is written.</param>
public sealed record TimingReport(int Rounds, int Samples, TimeReport Before, TimeReport After);

/// <summary>Microseconds per sample.</summary>
/// <param name="Median">Over the rounds.</param>
/// <param name="Least">The fastest round.</param>
/// <param name="Most">The slowest.</param>
public sealed record TimeReport(double Median, double Least, double Most);

/// <summary>The network with one rank for every weight that it saves parameters of.</summary>
/// <param name="Rank">The rank.</param>
/// <param name="Parameters">Parameters.</param>
/// <param name="ParametersKept">Over those of the network as it was.</param>
/// <param name="SingularValuesKept">Share of all singular values.</param>
/// <param name="Accuracy">On the samples measured.</param>
public sealed record UniformRankReport(int Rank, int Parameters, double ParametersKept, double SingularValuesKept, double Accuracy);
