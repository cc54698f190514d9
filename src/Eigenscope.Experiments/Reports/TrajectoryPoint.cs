using System.Text.Json.Serialization;
using Eigenscope.Analysis;

namespace Eigenscope.Experiments.Reports;

/// <summary>What was measured at one moment of training.</summary>
/// <param name="Epoch">Epochs done.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Seconds">Wall-clock time since training began, measuring not counted.</param>
/// <param name="Loss">Objective.</param>
/// <param name="DataLoss">Data loss.</param>
/// <param name="Accuracy">Training accuracy.</param>
/// <param name="GradientNorm">Norm of the data loss's gradient.</param>
/// <param name="Layers">The layers, without lists.</param>
/// <param name="Spectra">The Hessians.</param>
public sealed record TrajectoryPoint(
    int Epoch,
    int Step,
    double Seconds,
    double Loss,
    double DataLoss,
    double Accuracy,
    double GradientNorm,
    IReadOnlyList<LayerReport> Layers,
    IReadOnlyList<TrajectorySpectrum> Spectra)
{
    /// <summary>Of an unconstrained feature model, what the theorems speak of; null, and not written, for other networks.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<UfmStructureReport>? Structure { get; init; }
}

/// <summary>One operator at one moment.</summary>
/// <param name="Operator">hessian.</param>
/// <param name="Scope">"all" or a parameter's name.</param>
/// <param name="Eigenvalues">The K² largest, descending.</param>
/// <param name="Status">Verdict on them.</param>
/// <param name="AlignmentTopK">Share of the gradient in the top-K eigenspace.</param>
/// <param name="AlignmentTopKUsed">The K used.</param>
/// <param name="AlignmentTopK2">Share of the gradient in the top-K² eigenspace.</param>
/// <param name="AlignmentTopK2Used">The K² used.</param>
/// <param name="OverlapWithPrevious">Overlap of the top-K eigenspaces here and at the point before.</param>
/// <param name="OverlapWithPrediction">Overlap of the top eigenspaces measured and predicted from class means; defined for a layer's Hessian.</param>
/// <param name="OverlapWithPredictionUsed">The k used; null, and not written, where there is no overlap.</param>
/// <param name="OverlapWithPreviousUsed">The K used, at which both spectra have a gap; null, and not written, where there is no overlap.</param>
public sealed record TrajectorySpectrum(
    string Operator,
    string Scope,
    IReadOnlyList<double> Eigenvalues,
    string Status,
    Number AlignmentTopK,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? AlignmentTopKUsed,
    Number AlignmentTopK2,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? AlignmentTopK2Used,
    Number OverlapWithPrevious,
    Number OverlapWithPrediction,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? OverlapWithPredictionUsed,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? OverlapWithPreviousUsed = null);
