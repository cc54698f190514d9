using System.Text.Json.Serialization;
using Eigenscope.Analysis;

namespace Eigenscope.Experiments.Reports;

/// <summary>What a recursive feature machine came to.</summary>
public sealed record RfmResult
{
    /// <summary>classification or regression.</summary>
    public required string Task { get; init; }

    /// <summary>Number of training samples; of a machine that was loaded, those it was fitted on.</summary>
    public required int Samples { get; init; }

    /// <summary>Number of samples that chose the iteration; 0 without any.</summary>
    public required int ValidationSamples { get; init; }

    /// <summary>Number of test samples; 0 without any.</summary>
    public required int TestSamples { get; init; }

    /// <summary>How many of the test samples coincide with a training sample of the machine: what it predicts of them was told to it.</summary>
    public required int TestSamplesSeen { get; init; }

    /// <summary>d.</summary>
    public required int Dimension { get; init; }

    /// <summary>Number of outputs.</summary>
    public required int Outputs { get; init; }

    /// <summary>Entry 0 is plain kernel ridge regression; each later one has the metric that the one before it learned. A machine that was loaded is the only entry.</summary>
    public required IReadOnlyList<RfmIterationReport> Iterations { get; init; }

    /// <summary>The entry whose machine is reported and saved.</summary>
    public required int Best { get; init; }

    /// <summary>finished, stopped-early, zero-gradient, not-positive-definite, interrupted or loaded.</summary>
    public required string Ending { get; init; }

    /// <summary>The same in a sentence.</summary>
    public required string Message { get; init; }

    /// <summary>Whether every ridge regression converged and all iterations asked for were made, or ended by the validation error.</summary>
    public required bool Converged { get; init; }

    /// <summary>Which AGOP became the next metric, in words.</summary>
    public required string MetricFrom { get; init; }

    /// <summary>AGOP of the machine that is reported: the plain mean at its training points, before centring, scaling or power.</summary>
    public required AgopReport Agop { get; init; }

    /// <summary>Its diagonal: how much each coordinate moves the outputs, in the order of the coordinates. Null, and not written, when the run was interrupted before it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? AgopDiagonal { get; init; }

    /// <summary>Whether the run was interrupted.</summary>
    public required bool Partial { get; init; }
}

/// <summary>The scores of one machine.</summary>
public sealed record RfmIterationReport
{
    /// <summary>How often the metric was learned before it.</summary>
    public required int Iteration { get; init; }

    /// <summary>Share of training samples whose class is not predicted.</summary>
    public required Number TrainError { get; init; }

    /// <summary>The same of test samples.</summary>
    public required Number TestError { get; init; }

    /// <summary>√(e (1 − e) / n) of the test error e of n samples: the spread that comes of drawing that many.</summary>
    public required Number TestErrorStandardError { get; init; }

    /// <summary>Share of validation samples whose class is not predicted.</summary>
    public required Number ValidationError { get; init; }

    /// <summary>1/(2N) Σ ‖f(x_i) − y_i‖² on the training samples.</summary>
    public required Number TrainLoss { get; init; }

    /// <summary>The same on test samples.</summary>
    public required Number TestLoss { get; init; }

    /// <summary>The same on validation samples: what the iteration is chosen by.</summary>
    public required Number ValidationLoss { get; init; }

    /// <summary>Share of the test targets' variance about the training targets' mean that is explained; of regression.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Number? TestExplained { get; init; }

    /// <summary>How the ridge regression was solved.</summary>
    public required KernelSolveReport Solver { get; init; }

    /// <summary>Wall-clock time of fitting it, the gradients of the one before included; scoring test samples is not counted.</summary>
    public required double Seconds { get; init; }
}
