namespace Eigenscope.Experiments.Benchmarks;

/// <summary>How the cost of an operator grows with one quantity: time ∝ quantity^exponent, fitted by least squares to the logarithms.</summary>
public sealed record BenchScaling
{
    /// <summary>What stays: network and, where they do not grow, samples.</summary>
    public required string Model { get; init; }

    /// <summary>"hessian": a product with a block, all its vectors together; "hessian eigenpairs": the k largest with residuals of 1e-6 of the largest.</summary>
    public required string Operator { get; init; }

    /// <summary>float32 or float64.</summary>
    public required string Precision { get; init; }

    /// <summary>What grows: samples, parameters, block or eigenpairs.</summary>
    public required string Quantity { get; init; }

    /// <summary>The measurements, smallest first.</summary>
    public required IReadOnlyList<BenchScalingPoint> Points { get; init; }

    /// <summary>The exponent.</summary>
    public required double Exponent { get; init; }

    /// <summary>Standard error of the exponent, from the scatter of the points about the line.</summary>
    public required double StandardError { get; init; }
}

/// <summary>One measurement.</summary>
/// <param name="Value">The quantity that grows.</param>
/// <param name="Milliseconds">Median time over windows.</param>
/// <param name="WindowsKept">Windows that count; with 0 the time is from disturbed windows.</param>
public sealed record BenchScalingPoint(double Value, double Milliseconds, int WindowsKept);
