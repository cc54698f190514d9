namespace Eigenscope.Numerics.Estimators;

/// <summary>How to estimate a trace, and when to stop.</summary>
public sealed record TraceOptions
{
    /// <summary>The estimator. Default <see cref="TraceMethod.XTrace"/>.</summary>
    public TraceMethod Method { get; init; } = TraceMethod.XTrace;

    /// <summary>Stop at a standard error of this share of |trace|, ≥ 0; 0 never stops by it. Default 0.01.</summary>
    public double RelativeTarget { get; init; } = 0.01;

    /// <summary>Stop at this standard error, in the trace's units, ≥ 0; 0 (default) never stops by it. The larger of the two targets counts.</summary>
    public double AbsoluteTarget { get; init; }

    /// <summary>Budget of products, ≥ 12. Default 300. Hutch++ and XTrace keep 4/3 and 3/2 vectors of n numbers a product.</summary>
    public int MaxApplications { get; init; } = 300;

    /// <summary>Products taken together, ≥ 1. Default 8.</summary>
    public int BlockSize { get; init; } = 8;
}
