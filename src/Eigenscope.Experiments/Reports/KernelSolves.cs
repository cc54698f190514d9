using Eigenscope.Analysis;
using Eigenscope.Learning.Kernels;

namespace Eigenscope.Experiments.Reports;

/// <summary>What several kernel ridge regressions have in common, in sentences.</summary>
internal static class KernelSolves
{
    /// <summary>How all of them were solved.</summary>
    /// <param name="solves">Where, as "layer 3", and how.</param>
    public static string Describe(IReadOnlyList<(string Where, KernelSolveReport Solve)> solves)
    {
        double[] residuals = [.. solves.Select(static entry => entry.Solve.RelativeResidual).Where(static number => number.IsDefined).Select(static number => number.Value!.Value)];
        int factored = solves.Count(static entry => entry.Solve.Method == RidgeMethod.Cholesky);
        string how = factored == solves.Count
            ? "by Cholesky"
            : $"{(factored > 0 ? $"{Format.Text(factored)} by Cholesky, the others " : "")}by conjugate gradients, in {Format.Text(solves.Max(static entry => entry.Solve.Iterations))} iterations at most, to residuals of at most {Format.Text(residuals.Max())}";
        return $"{(solves.Count == 1 ? "The kernel ridge regression was" : $"All {Format.Text(solves.Count)} kernel ridge regressions were")} solved {how}.{Distances(solves)}";
    }

    /// <summary>Those that did not converge, each in a sentence.</summary>
    public static IEnumerable<string> Open(IReadOnlyList<(string Where, KernelSolveReport Solve)> solves) =>
        solves.Where(static entry => !entry.Solve.IsConverged).Select(static entry => $"The kernel ridge regression of {entry.Where} did not converge: {entry.Solve.Message.TrimEnd('.')}.");

    private static string Distances(IReadOnlyList<(string Where, KernelSolveReport Solve)> solves)
    {
        Number bound = solves[0].Solve.Distances.RelativeErrorBound;
        long pairs = solves.Sum(static entry => entry.Solve.Distances.Pairs), recomputed = solves.Sum(static entry => entry.Solve.Distances.Recomputed);
        return bound.IsDefined
            ? $" Of {Format.Text(pairs)} distances {Format.Text(recomputed)} were computed from differences, the others by matrix products to {Format.Text(bound)} of their squares."
            : "";
    }
}
