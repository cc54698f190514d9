using Eigenscope.Experiments.Recipes;

namespace Eigenscope.Experiments.Runs;

/// <summary>Every option of a run as it was used, defaults and choices included.</summary>
internal static class GrokConfig
{
    public static IReadOnlyDictionary<string, object?> Describe(GrokPlan plan, RunSettings settings, int threads) => new Dictionary<string, object?>(StringComparer.Ordinal)
    {
        ["operation"] = plan.Operations.Select(GrokRecipe.Name).ToArray(),
        ["modulus"] = plan.Options.Modulus,
        ["kernel"] = plan.Options.Kernel,
        ["bandwidth"] = plan.Bandwidth,
        ["ridge"] = plan.Options.Ridge,
        ["iterations"] = plan.Options.Iterations,
        ["trainFraction"] = plan.Options.TrainFraction,
        ["seed"] = settings.Seed,
        ["precision"] = settings.Precision,
        ["threads"] = threads,
    };
}
