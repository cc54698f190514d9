using System.Text.Json.Serialization;
using Eigenscope.Analysis;
using Eigenscope.Theory;

namespace Eigenscope.Experiments.Reports;

/// <summary>The closed form of the collapsed solution, the other candidates, and which of them was reached.</summary>
public sealed record TheoryReport
{
    /// <summary>Lowest loss of the collapsed branch and the zero solution.</summary>
    public required double Loss { get; init; }

    /// <summary>dnc or zero: which of the two has the lower loss.</summary>
    public required string Optimal { get; init; }

    /// <summary>p: the class-mean logits are p times an orthogonal frame (MSE) or simplex; undefined past the spinodal.</summary>
    public required Number Gain { get; init; }

    /// <summary>s: every non-zero singular value of every weight.</summary>
    public required Number SingularValue { get; init; }

    /// <summary>Norm of the class means of the features.</summary>
    public required Number ClassMeanNorm { get; init; }

    /// <summary>a: the outliers of every layer's Hessian (for cross-entropy the factor that all three groups share).</summary>
    public required Number Outlier { get; init; }

    /// <summary>Rank of the collapsed solution: K, or K − 1 where the logits are free up to a constant.</summary>
    public required int FullRank { get; init; }

    /// <summary>Weight decay, at the same ratio of the decays, at which zero takes over.</summary>
    public required Number Threshold { get; init; }

    /// <summary>Weight decay past which the collapsed branch does not exist.</summary>
    public required Number Spinodal { get; init; }

    /// <summary>Rank of the class-mean logits that the reported attempt reached.</summary>
    public required int Rank { get; init; }

    /// <summary>The candidate solution whose structure was reached; null when it is none's.</summary>
    public required string? Nearest { get; init; }

    /// <summary>Why none; null otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? NearestReason { get; init; }

    /// <summary>Losses of the solutions that are known, lowest first.</summary>
    public required IReadOnlyList<CandidateReport> Candidates { get; init; }

    /// <summary>Predictions of the collapsed solution, layer by layer.</summary>
    public required IReadOnlyList<LayerTheoryReport> Layers { get; init; }

    /// <summary>Measured beside predicted, for the numbers that the closed form fixes.</summary>
    public required IReadOnlyList<ComparisonReport> Comparisons { get; init; }
}

/// <summary>A known solution and its loss.</summary>
/// <param name="Name">zero, dnc, rank-r or low-rank.</param>
/// <param name="Rank">Rank of its class-mean logits.</param>
/// <param name="Loss">The objective there.</param>
public sealed record CandidateReport(string Name, int Rank, double Loss);

/// <summary>What the closed form says of one layer.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="ClassMeanNorm">Norm of the class means of its input.</param>
/// <param name="SingularValues">Of its weight.</param>
/// <param name="GradientSingularValues">Of the data gradient in its weight.</param>
/// <param name="SecondMoment">Eigenvalues of its input's second moment.</param>
/// <param name="Papyan">Parts of its Gauss–Newton matrix; null, and not written, where not known in closed form.</param>
public sealed record LayerTheoryReport(
    string Name,
    double ClassMeanNorm,
    IReadOnlyList<PredictedGroup> SingularValues,
    IReadOnlyList<PredictedGroup> GradientSingularValues,
    IReadOnlyList<PredictedGroup> SecondMoment,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PapyanTheoryReport? Papyan);

/// <summary>Papyan's parts of a layer's Gauss–Newton matrix at the collapsed optimum.</summary>
/// <param name="WithinClass">Non-zero eigenvalues of the within-class part.</param>
/// <param name="CrossClass">Of the cross-class part.</param>
/// <param name="Class">Of the class part.</param>
public sealed record PapyanTheoryReport(IReadOnlyList<PredictedGroup> WithinClass, IReadOnlyList<PredictedGroup> CrossClass, IReadOnlyList<PredictedGroup> Class);

/// <summary>A measured number beside the predicted one.</summary>
/// <param name="Name">What it is: "loss", "singular values 2".</param>
/// <param name="Measured">The measured value; of a list, the one farthest from the prediction.</param>
/// <param name="Predicted">The predicted one.</param>
/// <param name="Difference">Measured − predicted.</param>
public sealed record ComparisonReport(string Name, Number Measured, double Predicted, Number Difference);
