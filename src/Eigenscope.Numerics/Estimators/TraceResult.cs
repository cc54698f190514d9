namespace Eigenscope.Numerics.Estimators;

/// <summary>A trace with its doubt and the verdict of the stopping rule.</summary>
/// <param name="Trace">The estimate with its standard error, or the exact value. <see cref="Estimate.Samples"/> are the values whose spread gives the error: one a product for Hutchinson, one for every three for Hutch++, for every two for XTrace.</param>
/// <param name="Method">The estimator used; of no meaning where the value is exact.</param>
/// <param name="OperatorApplications">Products with single vectors spent.</param>
/// <param name="Target">The standard error asked for, max(absolute, relative · |trace|).</param>
/// <param name="IsWithinTarget">Whether the standard error is at most <paramref name="Target"/>.</param>
/// <param name="Message">One sentence for a reader.</param>
public sealed record TraceResult(Estimate Trace, TraceMethod Method, int OperatorApplications, double Target, bool IsWithinTarget, string Message);
