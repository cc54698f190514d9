using Eigenscope.Theory;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>What is predicted of one layer beside its Hessian, each list descending; null where nothing is.</summary>
internal sealed record LayerPrediction
{
    public static LayerPrediction None { get; } = new();

    /// <summary>Where the predictions are from: "closed form" or "class means".</summary>
    public string? From { get; init; }

    public IReadOnlyList<PredictedGroup>? SingularValues { get; init; }

    public IReadOnlyList<PredictedGroup>? GradientSingularValues { get; init; }

    public IReadOnlyList<PredictedGroup>? SecondMoment { get; init; }

    public IReadOnlyList<PredictedGroup>? Covariance { get; init; }

    public IReadOnlyList<PredictedGroup>? Errors { get; init; }

    public static LayerPrediction Of(LayerTheoryReport theory) => new()
    {
        From = "closed form",
        SingularValues = theory.SingularValues,
        GradientSingularValues = theory.GradientSingularValues,
        SecondMoment = theory.SecondMoment,
    };

    public static LayerPrediction Of(LayerPredictionReport? classMeans) => classMeans is null ? None : new()
    {
        From = "class means",
        SingularValues = Groups(classMeans.Weight.SingularValues),
        SecondMoment = Groups(classMeans.SecondMoment.Eigenvalues),
        Covariance = Groups(classMeans.Covariance.Eigenvalues),
        Errors = Groups(classMeans.Backpropagated.Eigenvalues),
    };

    private static PredictedGroup[] Groups(IReadOnlyList<double> values) => [.. values.Select(static value => new PredictedGroup(value, 1))];
}
