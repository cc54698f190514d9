using System.Text.Json.Serialization;
using Eigenscope.Analysis;
using Eigenscope.Analysis.Collapse;
using Eigenscope.Analysis.Features;

namespace Eigenscope.Experiments.Reports;

/// <summary>Everything measured at one layer with a weight.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Kind">dense or convolution.</param>
/// <param name="Input">The features that enter it.</param>
/// <param name="Weight">Its weight.</param>
/// <param name="Gradient">The data loss's gradient in its weight.</param>
/// <param name="Backpropagated">The errors at its output.</param>
/// <param name="Agop">Average gradient outer product at its input.</param>
/// <param name="Nfa">Correlation of WᵀW with a power of the AGOP.</param>
/// <param name="NfaChange">The same of what training added to the weight, W − W₀; undefined before training.</param>
/// <param name="CollapseSteps">Share of the collapse that the weight's right side and the rest of the layer do.</param>
/// <param name="TcvBound">The derived bound of the weight's distance to rank K by the features' variability.</param>
/// <param name="Predicted">What class means predict of the features, the weight, the gradient and the errors; at the end only.</param>
/// <param name="Papyan">The layer's Gauss–Newton matrix in three parts; at the end only.</param>
public sealed record LayerReport(
    string Name,
    string Kind,
    FeatureReport Input,
    WeightReport Weight,
    GradientReport Gradient,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ErrorReport? Backpropagated,
    AgopReport Agop,
    NfaCorrelation Nfa,
    NfaCorrelation NfaChange,
    CollapseSteps CollapseSteps,
    TcvBound TcvBound,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] LayerPredictionReport? Predicted = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PapyanReport? Papyan = null)
{
    /// <summary>The same without its lists, for points along training.</summary>
    /// <returns>A report whose lists are null, and so not written.</returns>
    public LayerReport WithoutLists() => this with
    {
        Input = Input with { Collapse = Input.Collapse with { ClassMeanNorms = null }, SecondMoment = null, Covariance = null },
        Weight = Weight with { SingularValues = null, OnGrid = null },
        Gradient = Gradient with { SingularValues = null },
        Backpropagated = null,
        Agop = Agop with { Eigenvalues = null, Residuals = null, Status = null, Message = null },
        Predicted = null,
        Papyan = null,
    };
}

/// <summary>Features that enter a layer.</summary>
/// <param name="Dimension">d.</param>
/// <param name="Collapse">Their collapse.</param>
/// <param name="SecondMoment">Eigenvalues of XᵀX/N, descending.</param>
/// <param name="Covariance">Eigenvalues of the covariance (1/N), descending.</param>
/// <param name="Nc1StandardError">Standard error of the NC1 trace ratio as a number of all training samples, by a bootstrap within classes; null, and not written, where all of them are measured and along training.</param>
/// <param name="Nc1Bias">How far the NC1 trace ratio is expected to lie above that of all training samples; null where its standard error is.</param>
public sealed record FeatureReport(
    int Dimension,
    CollapseReport Collapse,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<double>? SecondMoment,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<double>? Covariance,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Number? Nc1StandardError = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Number? Nc1Bias = null);

/// <summary>The logits.</summary>
/// <param name="Dimension">Number of logits.</param>
/// <param name="Collapse">Their collapse.</param>
/// <param name="Nc1StandardError">Standard error of the NC1 trace ratio, as of <see cref="FeatureReport"/>.</param>
/// <param name="Nc1Bias">Its bias, as of <see cref="FeatureReport"/>.</param>
public sealed record OutputReport(
    int Dimension,
    CollapseReport Collapse,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Number? Nc1StandardError = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Number? Nc1Bias = null);

/// <summary>A weight matrix.</summary>
/// <param name="Parameter">Its name.</param>
/// <param name="Shape">(outputs, inputs); of a convolution (output channels, kernel height, kernel width, input channels), its singular values being those of the matrix of output channels by the rest.</param>
/// <param name="SingularValues">Descending.</param>
/// <param name="StableRank">‖W‖_F² / ‖W‖².</param>
/// <param name="NumericalRank">Singular values above 1e-3 σ_1.</param>
/// <param name="EffectiveRank">exp of the entropy of σ/Σσ.</param>
/// <param name="RankKDistance">Distance to rank K in the Frobenius norm.</param>
/// <param name="RelativeRankKDistance">The same relative to ‖W‖_F.</param>
public sealed record WeightReport(
    string Parameter,
    IReadOnlyList<int> Shape,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<double>? SingularValues,
    Number StableRank,
    Number NumericalRank,
    Number EffectiveRank,
    double RankKDistance,
    Number RelativeRankKDistance)
{
    /// <summary>ε of the numerical rank: singular values above ε σ_1 count.</summary>
    public required double NumericalRankThreshold { get; init; }

    /// <summary>A convolution as the linear map on its circular grid; null, and not written, where it was not asked for, of dense layers, and along training.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GridReport? OnGrid { get; init; }
}

/// <summary>A convolution as the linear map that it is on its image, with a circular boundary: what leaves at one side enters at the other.</summary>
/// <param name="Height">Rows of the image that enters.</param>
/// <param name="Width">Columns of it.</param>
/// <param name="Count">Number of singular values of the map; 0 where there is none.</param>
/// <param name="SingularValues">The 1,000 largest, or all.</param>
/// <param name="Norm">The largest: how much the map can stretch.</param>
/// <param name="StableRank">‖M‖_F² / ‖M‖².</param>
/// <param name="NumericalRank">Singular values above 1e-3 of the largest.</param>
/// <param name="EffectiveRank">exp of the entropy of σ/Σσ.</param>
public sealed record GridReport(int Height, int Width, int Count, IReadOnlyList<double> SingularValues, Number Norm, Number StableRank, Number NumericalRank, Number EffectiveRank)
{
    /// <summary>What happens at the image's edge.</summary>
    public string Boundary { get; } = "circular";
}

/// <summary>The data loss's gradient in one weight.</summary>
/// <param name="Norm">Frobenius norm.</param>
/// <param name="SingularValues">Descending.</param>
/// <param name="AlignmentTopK">Share of it in the top-K eigenspace of the layer's Hessian.</param>
/// <param name="AlignmentTopKUsed">The K used: raised to the end of a cluster of eigenvalues; null, and not written, when that end was not found.</param>
/// <param name="AlignmentTopK2">Share in the top-K² eigenspace.</param>
/// <param name="AlignmentTopK2Used">The K² used.</param>
public sealed record GradientReport(
    double Norm,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<double>? SingularValues,
    Number AlignmentTopK,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? AlignmentTopKUsed,
    Number AlignmentTopK2,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? AlignmentTopK2Used);

/// <summary>Backpropagated errors of single samples at a layer's output: δ_i = ∂ℓ_i/∂(output), not divided by N.</summary>
/// <param name="SecondMoment">Eigenvalues of (1/N) Σ δ δᵀ, descending.</param>
/// <param name="Covariance">Eigenvalues of their covariance (1/N), descending.</param>
public sealed record ErrorReport(IReadOnlyList<double> SecondMoment, IReadOnlyList<double> Covariance);

/// <summary>Average gradient outer product: the plain mean over samples, uncentred unless asked for.</summary>
/// <param name="Eigenvalues">All d of them, descending; at the input of a convolution, where d is large, the largest.</param>
/// <param name="Trace">Its trace, exact; undefined at the input of a convolution before the end.</param>
/// <param name="IsCentred">Whether the mean Jacobian is taken off.</param>
/// <param name="Residuals">‖Av − θv‖ / max|θ| of eigenvalues that were iterated for; null, and not written, where the matrix was formed.</param>
/// <param name="Status">Verdict on those; null where the matrix was formed.</param>
/// <param name="Message">The verdict in words; null where the matrix was formed.</param>
public sealed record AgopReport(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<double>? Eigenvalues,
    Number Trace,
    bool IsCentred,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<double>? Residuals = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Status = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Message = null);
