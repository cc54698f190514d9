using Eigenscope.Analysis;

namespace Eigenscope.Experiments.Reports;

/// <summary>How much of the gradient lies where class means say.</summary>
/// <param name="Share">Share of ‖g‖² in the span of the products μ_c⁺ μ_c'ᵀ of all pairs of classes, μ_c⁺ the class means of what follows (the next layer's input, or the logits).</param>
/// <param name="PairedShare">Share in the span of the K products of a class with itself.</param>
public sealed record GradientPredictionReport(Number Share, Number PairedShare);
