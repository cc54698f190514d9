using System.Text.Json.Serialization;
using Eigenscope.Analysis;

namespace Eigenscope.Experiments.Reports;

/// <summary>What was found of a trained network as it is; the tree is the JSON's <c>result</c>.</summary>
public sealed record AnalyzeResult
{
    /// <summary>The objective: data loss plus decay.</summary>
    public required double Loss { get; init; }

    /// <summary>Mean loss over the samples.</summary>
    public required double DataLoss { get; init; }

    /// <summary>½ λ ‖W‖².</summary>
    public required double DecayLoss { get; init; }

    /// <summary>Accuracy on the samples; undefined where targets are real numbers.</summary>
    public required Number Accuracy { get; init; }

    /// <summary>Doubt of the accuracy as that of the population that the samples are from; null, and not written, where there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AccuracyIntervalReport? AccuracyInterval { get; init; }

    /// <summary>Norm of the data loss's gradient over all parameters.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>Norm of the objective's gradient over all parameters: 0 at a stationary point.</summary>
    public required double Stationarity { get; init; }

    /// <summary>What one step along the gradient would still gain.</summary>
    public required DescentReport Descent { get; init; }

    /// <summary>Number of parameters.</summary>
    public required int Parameters { get; init; }

    /// <summary>Whether every spectrum and every part of a Gauss–Newton matrix that was iterated for converged.</summary>
    public required bool Converged { get; init; }

    /// <summary>Steps of an optimiser: always 0, nothing is trained.</summary>
    public int Iterations { get; }

    /// <summary>Number of samples.</summary>
    public required int MeasuredSamples { get; init; }

    /// <summary>Number of classes, or of outputs where there are none.</summary>
    public required int Classes { get; init; }

    /// <summary>The file that was read.</summary>
    public required ModelReport Model { get; init; }

    /// <summary>Largest curvature of the loss.</summary>
    public required SharpnessReport Sharpness { get; init; }

    /// <summary>What the ranks of the weights would save, and cost.</summary>
    public required SavingsReport Savings { get; init; }

    /// <summary>The Gauss–Newton matrix of all parameters in three parts; null, and not written, without classes and when the run was interrupted before it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PapyanReport? Papyan { get; init; }

    /// <summary>Loss and accuracy on the data's own test samples, or null.</summary>
    public LossReport? Test { get; init; }

    /// <summary>The layers with weights, input first.</summary>
    public required IReadOnlyList<LayerReport> Layers { get; init; }

    /// <summary>Collapse of the logits.</summary>
    public required OutputReport Output { get; init; }

    /// <summary>Spectra of the operators.</summary>
    public required IReadOnlyList<SpectrumReport> Spectra { get; init; }

    /// <summary>What a reader should know of how model and samples were taken, in sentences.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Whether the run was interrupted and this is what was done so far.</summary>
    public required bool Partial { get; init; }
}

/// <summary>A model's file.</summary>
/// <param name="Format">eigenscope, or what else wrote it.</param>
/// <param name="SampleShape">Shape of one sample as the file declares it.</param>
/// <param name="Outputs">Number of logits.</param>
/// <param name="IsTrainingData">Whether the samples are those that the model was trained on; null, and not written, where nobody knows.</param>
public sealed record ModelReport(string Format, IReadOnlyList<int> SampleShape, int Outputs, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? IsTrainingData);

/// <summary>Wilson's intervals of a share that was counted.</summary>
/// <param name="Low">Lower end of the 95 % interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="StandardError">Half the length of the 68.3 % interval.</param>
public sealed record AccuracyIntervalReport(double Low, double High, double StandardError);

/// <summary>Loss and accuracy on further samples.</summary>
/// <param name="Loss">Mean loss.</param>
/// <param name="Accuracy">Accuracy; undefined where targets are real numbers.</param>
/// <param name="Samples">Number of samples.</param>
public sealed record LossReport(double Loss, Number Accuracy, int Samples);

/// <summary>How far a point is from a minimum, by the parabola along the gradient g of the objective F: at step ‖g‖²/gᵀHg it falls by ½ ‖g‖⁴/gᵀHg.</summary>
/// <param name="Curvature">gᵀHg/‖g‖², H the objective's Hessian.</param>
/// <param name="Gain">½ ‖g‖⁴/gᵀHg; undefined where the curvature is not positive.</param>
/// <param name="RelativeGain">The same over F.</param>
public sealed record DescentReport(Number Curvature, Number Gain, Number RelativeGain);

/// <summary>Largest eigenvalues of the data loss's Hessian.</summary>
/// <param name="Hessian">Over all parameters.</param>
/// <param name="StandardError">Its standard error as a number of the population that the samples are from.</param>
/// <param name="LargestStableStep">2/λ: gradient descent of a larger step leaves this point.</param>
/// <param name="Layers">Of every layer's weight.</param>
public sealed record SharpnessReport(Number Hessian, Number StandardError, Number LargestStableStep, IReadOnlyList<LayerSharpnessReport> Layers);

/// <summary>Largest eigenvalue of the Hessian of one weight.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Hessian">The eigenvalue.</param>
/// <param name="StandardError">Its standard error.</param>
public sealed record LayerSharpnessReport(string Name, Number Hessian, Number StandardError);

/// <summary>The network with every weight cut to its numerical rank where two factors hold fewer numbers.</summary>
/// <param name="ParametersAfter">Parameters that are left.</param>
/// <param name="Saved">Share of all parameters that goes.</param>
/// <param name="Loss">Mean loss over the samples then.</param>
/// <param name="Accuracy">Accuracy then.</param>
/// <param name="Layers">The weights, input first.</param>
public sealed record SavingsReport(int ParametersAfter, double Saved, Number Loss, Number Accuracy, IReadOnlyList<LayerSavingReport> Layers);

/// <summary>One weight at its numerical rank.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Rank">Singular values above 1e-3 σ₁.</param>
/// <param name="FullRank">All of them.</param>
/// <param name="ParametersBefore">Numbers in the weight.</param>
/// <param name="ParametersAfter">Numbers in two factors of that rank, or in the weight where those are no fewer.</param>
/// <param name="Saved">Share of its numbers that goes.</param>
/// <param name="EnergyKept">Share of Σσ² that stays.</param>
/// <param name="Accuracy">Accuracy with this weight alone cut; undefined where it stays whole.</param>
/// <param name="Collapsed">Whether the features that enter are collapsed: NC1 with two standard errors is at most 0.1. Null, and not written, where NC1 is undefined.</param>
public sealed record LayerSavingReport(string Name, Number Rank, int FullRank, int ParametersBefore, int ParametersAfter, double Saved, Number EnergyKept, Number Accuracy, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Collapsed);
