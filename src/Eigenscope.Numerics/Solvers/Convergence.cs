namespace Eigenscope.Numerics.Solvers;

/// <summary>How an iteration ended. The names are the ones the JSON carries, in kebab case.</summary>
public enum ConvergenceStatus
{
    /// <summary>Every residual is within the tolerance; a dense solve ends here too.</summary>
    Converged,

    /// <summary>The Krylov space closed before the number of pairs asked for was found: what was found is exact to the residuals, more do not exist.</summary>
    InvariantSubspace,

    /// <summary>The allowed number of operator applications is used up; what is reported carries its residuals.</summary>
    BudgetExhausted,

    /// <summary>A product held a NaN or an infinity.</summary>
    NonFinite,

    /// <summary>The caller cancelled; what is reported is what was there.</summary>
    Interrupted,
}

/// <summary>The verdict that travels with every iterative result.</summary>
/// <param name="Status">How the iteration ended.</param>
/// <param name="OperatorApplications">Products with a single vector spent, the residual check included (a block of b counts b).</param>
/// <param name="Tolerance">The relative residual asked for.</param>
/// <param name="MaxResidual">The largest relative residual reached; NaN when nothing was found.</param>
/// <param name="Message">One sentence for a reader: what happened, and what to do about it.</param>
public sealed record Convergence(ConvergenceStatus Status, int OperatorApplications, double Tolerance, double MaxResidual, string Message)
{
    /// <summary>Whether the numbers may be used as asked for.</summary>
    public bool IsConverged => Status is ConvergenceStatus.Converged or ConvergenceStatus.InvariantSubspace;
}
