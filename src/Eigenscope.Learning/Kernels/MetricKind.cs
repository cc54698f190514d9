namespace Eigenscope.Learning.Kernels;

/// <summary>How much of a metric is learned.</summary>
public enum MetricKind
{
    /// <summary>The whole matrix.</summary>
    Full,

    /// <summary>Its diagonal alone: a weight for each coordinate.</summary>
    Diagonal,
}
