using System.Text.Json.Serialization;
using Eigenscope.Analysis;

namespace Eigenscope.Experiments.Reports;

/// <summary>What a study found; the tree is the JSON's <c>result</c>.</summary>
public sealed record StudyResult
{
    /// <summary>The objective minimised: data loss plus decay.</summary>
    public required double Loss { get; init; }

    /// <summary>Mean loss over the samples measured.</summary>
    public required double DataLoss { get; init; }

    /// <summary>½ λ ‖W‖².</summary>
    public required double DecayLoss { get; init; }

    /// <summary>Accuracy on the samples measured.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Norm of the data loss's gradient over all parameters.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>Norm of the objective's gradient over all parameters: 0 at a stationary point.</summary>
    public required double Stationarity { get; init; }

    /// <summary>Number of trainable parameters.</summary>
    public required int Parameters { get; init; }

    /// <summary>Whether every spectrum and every part of a Gauss–Newton matrix that was iterated for converged, and training was not cut short.</summary>
    public required bool Converged { get; init; }

    /// <summary>Optimiser steps of the attempt that is reported.</summary>
    public required int Iterations { get; init; }

    /// <summary>Numerical rank of the centred class means of the logits (0 when they coincide).</summary>
    public required int LogitRank { get; init; }

    /// <summary>Every training attempt; the one that is reported is marked.</summary>
    public required IReadOnlyList<AttemptReport> Attempts { get; init; }

    /// <summary>Loss and accuracy on all training samples, where only a subset of them is measured; null, and not written, where all are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TestReport? Training { get; init; }

    /// <summary>Number of training samples that everything else is measured on.</summary>
    public required int MeasuredSamples { get; init; }

    /// <summary>The Gauss–Newton matrix of all parameters in three parts; null, and not written, when the run was interrupted before it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PapyanReport? Papyan { get; init; }

    /// <summary>Every weight cut to its numerical rank, on the samples measured; null, and not written, when the run was interrupted before it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SavingsReport? Savings { get; init; }

    /// <summary>Loss and accuracy on held-out samples, or null.</summary>
    public TestReport? Test { get; init; }

    /// <summary>The layers with weights, input first.</summary>
    public required IReadOnlyList<LayerReport> Layers { get; init; }

    /// <summary>Collapse of the logits.</summary>
    public required OutputReport Output { get; init; }

    /// <summary>Spectra of the Hessians and the Gauss–Newton matrix.</summary>
    public required IReadOnlyList<SpectrumReport> Spectra { get; init; }

    /// <summary>The same, in short, from before training to the end.</summary>
    public required IReadOnlyList<TrajectoryPoint> Trajectory { get; init; }

    /// <summary>Whether the run was interrupted and this is what was done so far.</summary>
    public required bool Partial { get; init; }
}

/// <summary>One training attempt.</summary>
/// <param name="InitScale">Scale of the initial weights.</param>
/// <param name="LearningRate">Learning rate, or null, and then not written, where the optimiser has none.</param>
/// <param name="Status">finished, interrupted or diverged.</param>
/// <param name="Epochs">Epochs done.</param>
/// <param name="Loss">Objective at the end; undefined when it diverged.</param>
/// <param name="Rank">Rank of the centred class means of the logits.</param>
/// <param name="IsReported">Whether the measurements are of this attempt.</param>
public sealed record AttemptReport(
    double InitScale,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? LearningRate,
    string Status,
    int Epochs,
    Number Loss,
    int Rank,
    bool IsReported);

/// <summary>Loss and accuracy on held-out samples.</summary>
/// <param name="Loss">Mean loss.</param>
/// <param name="Accuracy">Accuracy.</param>
/// <param name="Samples">Number of samples.</param>
public sealed record TestReport(double Loss, double Accuracy, int Samples);
