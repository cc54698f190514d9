using Eigenscope.Analysis;

namespace Eigenscope.Experiments.Reports;

/// <summary>What a run of Deep RFM found.</summary>
public sealed record DeepRfmResult
{
    /// <summary>Number of training samples.</summary>
    public required int Samples { get; init; }

    /// <summary>Number of test samples; 0 without any.</summary>
    public required int TestSamples { get; init; }

    /// <summary>Whether every ridge regression converged and the run was not interrupted.</summary>
    public required bool Converged { get; init; }

    /// <summary>Which AGOP became the layers' metrics, in words.</summary>
    public required string MetricFrom { get; init; }

    /// <summary>Every layer that was reached, from the input on.</summary>
    public required IReadOnlyList<DeepRfmLayerReport> Layers { get; init; }

    /// <summary>Whether the run was interrupted.</summary>
    public required bool Partial { get; init; }
}

/// <summary>One layer of Deep RFM.</summary>
public sealed record DeepRfmLayerReport
{
    /// <summary>From 1.</summary>
    public required int Layer { get; init; }

    /// <summary>d of what enters.</summary>
    public required int Dimension { get; init; }

    /// <summary>Collapse before and after the metric's root, and after the random features.</summary>
    public required DeepRfmStages Stages { get; init; }

    /// <summary>What each of the layer's two steps multiplies NC1 by.</summary>
    public required DeepRfmFactors Factors { get; init; }

    /// <summary>The plain mean of outer products at the training points, before centring, scaling or power.</summary>
    public required AgopReport Agop { get; init; }

    /// <summary>Share of training samples whose class the layer's kernel machine predicts.</summary>
    public required double TrainAccuracy { get; init; }

    /// <summary>The same of test samples.</summary>
    public required Number TestAccuracy { get; init; }

    /// <summary>1/(2N) Σ ‖f(x_i) − y_i‖² on the training samples.</summary>
    public required double TrainLoss { get; init; }

    /// <summary>The same on test samples.</summary>
    public required Number TestLoss { get; init; }

    /// <summary>How the layer's last ridge regression was solved.</summary>
    public required KernelSolveReport Solver { get; init; }

    /// <summary>Wall-clock time of fitting the layer; measuring is not counted.</summary>
    public required double Seconds { get; init; }
}

/// <summary>Collapse at the three stages of a layer.</summary>
/// <param name="X">What enters, rows of unit norm.</param>
/// <param name="Mx">After the root of the metric.</param>
/// <param name="Phi">The random features of it.</param>
public sealed record DeepRfmStages(CollapseReport X, CollapseReport Mx, CollapseReport Phi);

/// <summary>What the steps of a layer do to the NC1 trace ratio.</summary>
/// <param name="Root">NC1 after the root of the metric over NC1 before it.</param>
/// <param name="Features">NC1 after the random features over NC1 before them.</param>
public sealed record DeepRfmFactors(Number Root, Number Features)
{
    /// <summary>The factors of a layer.</summary>
    /// <param name="stages">Its stages.</param>
    /// <returns>Both, undefined where an NC1 is, or is zero.</returns>
    public static DeepRfmFactors Of(DeepRfmStages stages)
    {
        ArgumentNullException.ThrowIfNull(stages);
        return new DeepRfmFactors(Ratio(stages.Mx, stages.X), Ratio(stages.Phi, stages.Mx));
    }

    private static Number Ratio(CollapseReport after, CollapseReport before) => (after.Nc1TraceRatio.Value, before.Nc1TraceRatio.Value) switch
    {
        (null, _) => Number.Undefined(after.Nc1TraceRatio.Reason!),
        (_, null) => Number.Undefined(before.Nc1TraceRatio.Reason!),
        (_, 0.0) => Number.Undefined("there is no variability within the classes to begin with"),
        ({ } high, { } low) => Number.Of(high / low),
    };
}
