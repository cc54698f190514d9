namespace Eigenscope.Learning.Kernels;

/// <summary>
/// How distances were computed. ‖x‖² + ‖z‖² − 2 x·z, one matrix product, loses the digits in which two near points agree; pairs nearer than <see cref="Threshold"/> are therefore computed again from their differences, so that
/// none is ever clipped and equal points are at distance 0, exactly.
/// </summary>
/// <param name="Pairs">Distances computed.</param>
/// <param name="Recomputed">How many of them from differences.</param>
/// <param name="RelativeError">Bound of the relative error of the squared distances that stand as the product gave them: (d + 4) eps / threshold.</param>
public sealed record DistanceAccuracy(long Pairs, long Recomputed, double RelativeError)
{
    /// <summary>Pairs with ‖x − z‖² below this share of ‖x‖² + ‖z‖², about the mean of the points, are computed from their differences.</summary>
    public const double Threshold = 1e-4;
}
