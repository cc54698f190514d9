using System.Globalization;
using System.Text.Json.Serialization;
using Eigenscope.Analysis;
using Eigenscope.Learning.Kernels;
using Eigenscope.Numerics.Solvers;

namespace Eigenscope.Experiments.Reports;

/// <summary>How a kernel ridge regression was solved.</summary>
public sealed record KernelSolveReport
{
    /// <summary>cholesky or conjugate-gradients.</summary>
    public required RidgeMethod Method { get; init; }

    /// <summary>Iterations of conjugate gradients; 0 for a factorisation.</summary>
    public required int Iterations { get; init; }

    /// <summary>Largest ‖(K + μI) α_c − y_c‖ / ‖y_c‖ from fresh products; undefined for a factorisation.</summary>
    public required Number RelativeResidual { get; init; }

    /// <summary>The verdict: converged, budget-exhausted ….</summary>
    public required ConvergenceStatus Status { get; init; }

    /// <summary>What happened, in a sentence.</summary>
    public required string Message { get; init; }

    /// <summary>How distances were computed.</summary>
    public required DistanceReport Distances { get; init; }

    /// <summary>Whether the solve converged.</summary>
    [JsonIgnore]
    public bool IsConverged => Status is ConvergenceStatus.Converged or ConvergenceStatus.InvariantSubspace;

    /// <summary>What a machine says of itself.</summary>
    /// <param name="machine">The machine.</param>
    /// <returns>The report.</returns>
    public static KernelSolveReport Of(KernelMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        RidgeSolution solution = machine.Solution;
        DistanceAccuracy distances = machine.Distances;
        return new KernelSolveReport
        {
            Method = solution.Method,
            Iterations = solution.Iterations,
            RelativeResidual = solution.RelativeResidual is { } residual ? Number.Of(residual) : Number.Undefined("a factorisation, whose backward error is rounding"),
            Status = solution.Convergence.Status,
            Message = solution.Convergence.Message,
            Distances = new DistanceReport(distances.Pairs, distances.Recomputed, machine.Kernel.IsRadial ? Number.Of(distances.RelativeError) : Number.Undefined("the kernel takes no distances")),
        };
    }

    /// <summary>The same in a few words.</summary>
    internal string Text => Method == RidgeMethod.Cholesky
        ? "Cholesky"
        : string.Create(CultureInfo.InvariantCulture, $"conjugate gradients, {Iterations} iterations to {Format.Text(RelativeResidual)}");
}

/// <summary>How the distances between points were computed: by one matrix product, and again from their differences where that would lose digits.</summary>
/// <param name="Pairs">Distances computed.</param>
/// <param name="Recomputed">How many of them from differences.</param>
/// <param name="RelativeErrorBound">Bound of the relative error of the squared distances that stand as the product gave them.</param>
public sealed record DistanceReport(long Pairs, long Recomputed, Number RelativeErrorBound);
