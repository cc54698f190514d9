namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>What a run of kernel machines doubts.</summary>
internal static class KernelDoubts
{
    /// <summary>The section, with the command's own doubts first.</summary>
    /// <param name="own">In sentences.</param>
    /// <param name="environment">Where it ran.</param>
    /// <param name="solves">Every kernel ridge regression.</param>
    public static PageSection Build(IEnumerable<string> own, RunEnvironment environment, IReadOnlyList<(string Where, KernelSolveReport Solve)> solves)
    {
        string[] kernels = environment.BlasFallbackReason is { } reason ? [$"The slower managed kernels computed all this: {reason.TrimEnd('.')}."] : [];
        string[] points = [.. own, .. kernels, .. KernelSolves.Open(solves)];
        return new PageSection
        {
            Title = "Where the tool doubts itself",
            Anchor = "doubts",
            Sentence = points.Length == 0 ? "Nowhere in this run: every kernel matrix was solved with, every number is defined, and nothing was cut short." : null,
            Points = points,
        };
    }
}
