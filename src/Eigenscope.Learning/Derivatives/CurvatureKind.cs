namespace Eigenscope.Learning.Derivatives;

/// <summary>Which second-derivative matrix a product is with.</summary>
internal enum CurvatureKind
{
    Hessian,
    GaussNewton,
}
