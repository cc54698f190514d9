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
    IReadOnlyList<TrajectoryLayer> Layers,
    IReadOnlyList<TrajectorySpectrum> Spectra);

/// <summary>One layer at one moment: the numbers of <see cref="LayerReport"/> without its lists.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Collapse">Collapse of its input.</param>
/// <param name="StableRank">Of its weight.</param>
/// <param name="NumericalRank">Of its weight.</param>
/// <param name="EffectiveRank">Of its weight.</param>
/// <param name="RankKDistance">Of its weight.</param>
/// <param name="GradientNorm">Of the gradient in its weight.</param>
/// <param name="NfaPearson">Correlation of WᵀW with AGOP^½.</param>
/// <param name="RightShare">Share of the collapse done by the weight's right side.</param>
public sealed record TrajectoryLayer(
    string Name,
    CollapseReport Collapse,
    Number StableRank,
    Number NumericalRank,
    Number EffectiveRank,
    double RankKDistance,
    double GradientNorm,
    Number NfaPearson,
    Number RightShare);

/// <summary>One operator at one moment.</summary>
/// <param name="Operator">hessian.</param>
/// <param name="Scope">"all" or a parameter's name.</param>
/// <param name="Eigenvalues">The K² largest, descending.</param>
/// <param name="Status">Verdict on them.</param>
/// <param name="AlignmentTopK">Share of the gradient in the top-K eigenspace.</param>
/// <param name="AlignmentTopKUsed">The K used.</param>
/// <param name="AlignmentTopK2">Share of the gradient in the top-K² eigenspace.</param>
/// <param name="OverlapWithPrevious">Overlap of the top-K eigenspaces here and at the point before.</param>
public sealed record TrajectorySpectrum(
    string Operator,
    string Scope,
    IReadOnlyList<double> Eigenvalues,
    string Status,
    Number AlignmentTopK,
    int? AlignmentTopKUsed,
    Number AlignmentTopK2,
    Number OverlapWithPrevious);
