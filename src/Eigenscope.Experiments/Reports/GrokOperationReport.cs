using Eigenscope.Analysis;

namespace Eigenscope.Experiments.Reports;

/// <summary>How one operation was learned.</summary>
public sealed record GrokOperationReport
{
    /// <summary>add, subtract, multiply or divide.</summary>
    public required string Operation { get; init; }

    /// <summary>Number of pairs trained on.</summary>
    public required int TrainSamples { get; init; }

    /// <summary>Number of the other pairs.</summary>
    public required int TestSamples { get; init; }

    /// <summary>Share of the most frequent class among the test pairs: what always giving one answer scores at most.</summary>
    public required double Chance { get; init; }

    /// <summary>finished, zero-gradient, not-positive-definite or interrupted.</summary>
    public required string Status { get; init; }

    /// <summary>The same in a sentence.</summary>
    public required string Message { get; init; }

    /// <summary>How long it took.</summary>
    public required double Seconds { get; init; }

    /// <summary>First iteration whose test accuracy is above twice <see cref="Chance"/>.</summary>
    public Number FirstAboveChance => FirstAbove(2.0 * Chance);

    /// <summary>First iteration whose test accuracy is above 90 %.</summary>
    public Number FirstAbove90 => FirstAbove(0.9);

    /// <summary>First iteration whose test accuracy is above 99 %.</summary>
    public Number FirstAbove99 => FirstAbove(0.99);

    /// <summary>Test accuracy of the last iteration.</summary>
    public double TestAccuracy => Iterations[^1].TestAccuracy;

    /// <summary>Largest training loss of all iterations.</summary>
    public double LargestTrainLoss => Iterations.Max(static point => point.TrainLoss);

    /// <summary>Every iteration from 0.</summary>
    public required IReadOnlyList<GrokIterationReport> Iterations { get; init; }

    private Number FirstAbove(double share) => Iterations.FirstOrDefault(point => point.TestAccuracy > share) is { } first
        ? Number.Of(first.Iteration)
        : Number.Undefined($"the test accuracy does not rise above {Format.Percent(share)} in {Format.Text(Iterations[^1].Iteration)} iterations");
}
