using Eigenscope.Theory;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>What is predicted of one layer beside its Hessian; null where nothing is.</summary>
/// <param name="From">Where the predictions are from: "closed form".</param>
/// <param name="SingularValues">Of the weight, descending.</param>
/// <param name="GradientSingularValues">Of the data gradient in the weight, descending.</param>
/// <param name="SecondMoment">Eigenvalues of its input's second moment, descending.</param>
internal sealed record LayerPrediction(string? From, IReadOnlyList<PredictedGroup>? SingularValues, IReadOnlyList<PredictedGroup>? GradientSingularValues, IReadOnlyList<PredictedGroup>? SecondMoment)
{
    public static LayerPrediction None { get; } = new(null, null, null, null);
}
