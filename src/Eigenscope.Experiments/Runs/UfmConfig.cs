using Eigenscope.Experiments.Recipes;

namespace Eigenscope.Experiments.Runs;

/// <summary>Every option of a run as it was used, defaults and choices included.</summary>
internal static class UfmConfig
{
    public static IReadOnlyDictionary<string, object?> Describe(UfmPlan plan, RunSettings settings, int threads)
    {
        UfmOptions options = plan.Options;
        bool isDescent = options.Optimizer is "gradient-descent";
        return new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["classes"] = options.Classes,
            ["perClass"] = options.PerClass,
            ["samples"] = plan.Samples,
            ["width"] = options.Width,
            ["depth"] = options.Depth,
            ["activation"] = options.Activation,
            ["rectifiedFeatures"] = options.RectifiedFeatures,
            ["loss"] = options.Loss,
            ["bias"] = options.Bias,
            ["weightDecay"] = options.WeightDecay,
            ["featureDecay"] = plan.FeatureDecay,
            ["start"] = options.Start,
            ["hadamardSpread"] = options.Start is "hadamard" ? UfmRecipe.HadamardSpread(options) : null,
            ["initScale"] = options.InitScale,
            ["starts"] = options.Starts,
            ["restarts"] = options.Restarts,
            ["optimizer"] = options.Optimizer,
            ["learningRate"] = isDescent ? UfmRecipe.GradientDescentRate(options) : null,
            ["iterations"] = isDescent ? UfmRecipe.GradientDescentSteps(options) : null,
            ["adamSteps"] = isDescent || plan.IsLinear ? null : UfmRecipe.AdamSteps(options),
            ["lbfgsIterations"] = isDescent ? null : UfmRecipe.LbfgsIterations(options),
            ["newtonIterations"] = isDescent ? null : UfmRecipe.NewtonIterations(options),
            ["gradientTolerance"] = isDescent ? null : plan.GradientTolerance,
            ["measureEvery"] = options.MeasureEvery,
            ["top"] = options.Top,
            ["bottom"] = options.Bottom,
            ["tolerance"] = plan.Tolerance,
            ["seed"] = settings.Seed,
            ["precision"] = settings.Precision,
            ["threads"] = threads,
        };
    }
}
