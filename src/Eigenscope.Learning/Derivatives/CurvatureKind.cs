namespace Eigenscope.Learning.Derivatives;

/// <summary>
/// Which matrix of second order a product is with. All have the form Σ_i J_iᵀ M_i J_i, J_i the Jacobian of sample i's logits; they differ in the metric M_i in the logits, and the Hessian adds the network's own curvature.
/// </summary>
internal enum CurvatureKind
{
    /// <summary>M = w ∂²ℓ/∂z², and Σ w (∂ℓ/∂z)_k ∂²z_k/∂θ² beside it.</summary>
    Hessian,

    /// <summary>M = w ∂²ℓ/∂z².</summary>
    GaussNewton,

    /// <summary>M = w (∂ℓ/∂z)(∂ℓ/∂z)ᵀ: the second moment of the samples' gradients, about zero or about their mean.</summary>
    GradientMoment,
}
