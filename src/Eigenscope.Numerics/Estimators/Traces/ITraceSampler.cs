namespace Eigenscope.Numerics.Estimators.Traces;

/// <summary>A trace estimator that can go on where it stopped.</summary>
internal interface ITraceSampler
{
    /// <summary>Spends products up to a total and estimates from all of them, in the scale of the products.</summary>
    Estimate Grow(int totalProducts);
}
