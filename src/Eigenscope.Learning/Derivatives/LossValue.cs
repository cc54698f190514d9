namespace Eigenscope.Learning.Derivatives;

/// <summary>The data loss and the accuracy of one evaluation.</summary>
/// <param name="Loss">Σ_i w_i ℓ_i; with the default weights, the mean over the samples.</param>
/// <param name="Accuracy">Share of samples whose largest logit is their class's (lowest index on ties), unweighted; 0 where targets are real numbers and samples have no class.</param>
public readonly record struct LossValue(double Loss, double Accuracy);
