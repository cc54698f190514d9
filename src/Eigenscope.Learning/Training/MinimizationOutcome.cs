namespace Eigenscope.Learning.Training;

/// <summary>How a minimisation ended.</summary>
public enum MinimizationStatus
{
    /// <summary>The gradient norm is within the tolerance: a stationary point, which descent makes a local minimum unless it started at a saddle's own.</summary>
    Converged,

    /// <summary>No step lowers the objective any further: rounding, or a kink of ReLU.</summary>
    Stalled,

    /// <summary>The Newton steps or the Hessian products are used up.</summary>
    BudgetExhausted,

    /// <summary>The caller cancelled.</summary>
    Interrupted,

    /// <summary>The objective or its gradient is infinite or NaN where it started or where L-BFGS went.</summary>
    Diverged,
}

/// <summary>The end of a minimisation.</summary>
public sealed record MinimizationOutcome
{
    /// <summary>How it ended.</summary>
    public required MinimizationStatus Status { get; init; }

    /// <summary>The best point, flat.</summary>
    public required double[] Parameters { get; init; }

    /// <summary>The objective there: data loss plus decay.</summary>
    public required double Loss { get; init; }

    /// <summary>The Euclidean norm of the objective's gradient there.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>L-BFGS iterations done.</summary>
    public required int LbfgsIterations { get; init; }

    /// <summary>Newton steps tried.</summary>
    public required int NewtonIterations { get; init; }

    /// <summary>Hessian products done.</summary>
    public required int Products { get; init; }
}
