using Eigenscope.Experiments.Recipes;

namespace Eigenscope.Experiments.Runs;

/// <summary>Every option of a run of Deep RFM as it was used; null where it acts on nothing.</summary>
internal static class DeepRfmConfig
{
    public static IReadOnlyDictionary<string, object?> Describe(DeepRfmPlan plan, RunSettings settings, int threads)
    {
        DeepRfmRunOptions options = plan.Options;
        Dictionary<string, object?> config = new(StringComparer.Ordinal)
        {
            ["data"] = options.Data,
            ["dataSource"] = plan.Data.Train.Source,
            ["samples"] = plan.Data.Train.SampleCount,
            ["testSamples"] = plan.Data.Test?.SampleCount ?? 0,
            ["classes"] = plan.Classes,
            ["testFraction"] = plan.TestFraction,
            ["standardize"] = options.Standardize,
            ["targets"] = "plus-minus-one",
            ["layers"] = options.Layers,
            ["features"] = options.Features,
            ["width"] = options.Width,
            ["cauchyScale"] = DeepRfmRecipe.CauchyScale(options),
            ["rfmIterations"] = options.RfmIterations,
        };
        foreach ((string name, object? value) in KernelRecipe.Describe(options.Machine))
            config[name] = value;
        config["seed"] = settings.Seed;
        config["precision"] = settings.Precision;
        config["threads"] = threads;
        return config;
    }
}
