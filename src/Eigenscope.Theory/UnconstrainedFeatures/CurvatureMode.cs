namespace Eigenscope.Theory.UnconstrainedFeatures;

/// <summary>
/// An eigenspace of the data-loss curvature on the class block, the r × r directions D of a layer from class input to class output: the same for every layer.
/// </summary>
/// <param name="Value">θ, its eigenvalue.</param>
/// <param name="Symmetric">Dimension within the symmetric D, where the residual couples two layers with −λ.</param>
/// <param name="Antisymmetric">Dimension within the antisymmetric D, where it couples them with +λ.</param>
/// <param name="MeanCoupling">
/// κ: what couples a unit D, at layer gain s^{L−1}η, with a shift of all logits of unit norm; 0 where the class block does not feel a shift.
/// </param>
internal readonly record struct CurvatureMode(double Value, long Symmetric, long Antisymmetric, double MeanCoupling = 0)
{
    /// <summary>Multiplicity of θ in a layer.</summary>
    public long Count => Symmetric + Antisymmetric;
}
