using Eigenscope.Analysis;

namespace Eigenscope.Experiments.Reports;

/// <summary>A measured number beside the predicted one.</summary>
/// <param name="Name">What it is: "loss", "singular values 2".</param>
/// <param name="Measured">The measured value; of a list, the one farthest from the prediction.</param>
/// <param name="Predicted">The predicted one.</param>
/// <param name="Difference">Measured − predicted.</param>
public sealed record ComparisonReport(string Name, Number Measured, double Predicted, Number Difference);
