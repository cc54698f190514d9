using Eigenscope.Learning.Features;

namespace Eigenscope.Learning.Kernels;

/// <summary>A recursive feature machine.</summary>
public sealed record RfmOptions
{
    /// <summary>k. Default Laplace with bandwidth 2.</summary>
    public Kernel Kernel { get; init; } = new LaplaceKernel(2.0);

    /// <summary>How every ridge regression is solved.</summary>
    public RidgeOptions Ridge { get; init; } = new();

    /// <summary>T ≥ 0, how often the metric is learned anew; 0 is plain kernel ridge regression. Default 5.</summary>
    public int Iterations { get; init; } = 5;

    /// <summary>How much of the metric is learned. Default the whole matrix.</summary>
    public MetricKind Metric { get; init; }

    /// <summary>Which form of the average gradient outer product becomes the metric. Default the plain mean.</summary>
    public AgopForm Form { get; init; } = new();

    /// <summary>Stops when the validation error has not improved for so many iterations, ≥ 1; null (default) never does.</summary>
    public int? Patience { get; init; }

    /// <summary>Checks all values.</summary>
    internal static void Check(RfmOptions options)
    {
        RidgeOptions.Check(options.Ridge);
        if (options.Iterations < 0)
            throw new ArgumentException($"expected 0 iterations or more, got {options.Iterations}", nameof(options));
        if (options.Patience < 1)
            throw new ArgumentException($"expected a patience of at least 1, got {options.Patience}", nameof(options));
    }
}
