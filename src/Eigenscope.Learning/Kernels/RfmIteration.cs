namespace Eigenscope.Learning.Kernels;

/// <summary>How well a recursive feature machine predicts after t changes of its metric.</summary>
public sealed record RfmIteration
{
    /// <summary>t, from 0: plain kernel ridge regression.</summary>
    public required int Index { get; init; }

    /// <summary>1/(2N) Σ ‖f(x_i) − y_i‖² on the training points, from predictions and not from the solution's residual.</summary>
    public required double TrainLoss { get; init; }

    /// <summary>Share of training points whose largest output is their class; null for regression.</summary>
    public double? TrainAccuracy { get; init; }

    /// <summary>The same loss on the validation points; null without them.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>Share of validation points whose largest output is their class; null for regression or without them.</summary>
    public double? ValidationAccuracy { get; init; }
}
