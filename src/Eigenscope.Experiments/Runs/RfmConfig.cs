using Eigenscope.Experiments.Recipes;

namespace Eigenscope.Experiments.Runs;

/// <summary>Every option of a recursive feature machine as it was used; null where it acts on nothing.</summary>
internal static class RfmConfig
{
    public static IReadOnlyDictionary<string, object?> Describe(RfmPlan plan, RunSettings settings, int threads)
    {
        RfmRunOptions options = plan.Options;
        bool isFitted = options.Load is null;
        Dictionary<string, object?> config = new(StringComparer.Ordinal)
        {
            ["data"] = options.Data,
            ["dataSource"] = plan.Source,
            ["regression"] = options.Regression,
            ["samples"] = isFitted ? plan.Train.Points.Rows : null,
            ["validationSamples"] = isFitted ? plan.Validation?.Points.Rows ?? 0 : null,
            ["testSamples"] = plan.Test?.Points.Rows ?? 0,
            ["classes"] = plan.Classes?.Count,
            ["testFraction"] = isFitted ? plan.TestFraction : null,
            ["validationFraction"] = isFitted ? options.ValidationFraction : null,
            ["patience"] = options.Patience,
            ["standardize"] = isFitted ? options.Standardize : plan.Scaling is not null,
            ["targets"] = options.Regression ? null : options.Targets,
            ["iterations"] = isFitted ? options.Iterations : null,
            ["load"] = options.Load,
        };
        foreach ((string name, object? value) in isFitted ? KernelRecipe.Describe(options.Machine) : [])
            config[name] = value;
        config["seed"] = settings.Seed;
        config["precision"] = settings.Precision;
        config["threads"] = threads;
        return config;
    }
}
