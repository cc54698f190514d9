using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Kernels;

namespace Eigenscope.Experiments.Runs;

/// <summary>Where a run of <c>grok</c> is.</summary>
internal static class GrokProgress
{
    /// <summary>What to call after every iteration of one operation; null when nobody listens.</summary>
    public static Action<int, RfmIteration>? Of(GrokPlan plan, ModularOperation operation, int done, IProgress<RunProgress>? target)
    {
        if (target is null)
            return null;
        double all = plan.Options.Iterations + 1.0;
        return (t, scores) => target.Report(new RunProgress(
            "learning",
            (done + ((t + 1) / all)) / plan.Operations.Count,
            $"{GrokRecipe.Name(operation)}, iteration {Format.Text(t)} · test accuracy {Format.Percent(scores.ValidationAccuracy ?? 0.0)}"));
    }
}
