using System.Text.Json.Serialization;
using Eigenscope.Theory;

namespace Eigenscope.Experiments.Reports;

/// <summary>What the closed form says of one layer.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="ClassMeanNorm">Norm of the class means of its input.</param>
/// <param name="SingularValues">Of its weight.</param>
/// <param name="GradientSingularValues">Of the data gradient in its weight.</param>
/// <param name="SecondMoment">Eigenvalues of its input's second moment.</param>
/// <param name="Covariance">Eigenvalues of its covariance.</param>
/// <param name="GradientCoefficients">Squared coefficients of the data gradient on products of class means; null, and not written, where class means are not orthogonal.</param>
/// <param name="Papyan">Parts of its Gauss–Newton matrix; null, and not written, where not known in closed form.</param>
public sealed record LayerTheoryReport(
    string Name,
    double ClassMeanNorm,
    IReadOnlyList<PredictedGroup> SingularValues,
    IReadOnlyList<PredictedGroup> GradientSingularValues,
    IReadOnlyList<PredictedGroup> SecondMoment,
    IReadOnlyList<PredictedGroup> Covariance,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<PredictedGroup>? GradientCoefficients,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PapyanTheoryReport? Papyan);
