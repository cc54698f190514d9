using Eigenscope.Experiments.Recipes;
using Eigenscope.Learning.Training;

namespace Eigenscope.Experiments.Runs;

/// <summary>Every option of a study as it was used, defaults and choices included.</summary>
internal static class StudyConfig
{
    public static IReadOnlyDictionary<string, object?> Describe(StudyPlan plan, RunSettings settings, int threads)
    {
        StudyOptions options = plan.Options;
        return new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["data"] = options.Data,
            ["dataSource"] = plan.Data.Train.Source,
            ["samples"] = plan.Data.Train.SampleCount,
            ["classes"] = plan.Data.Train.ClassCount,
            ["shuffleLabels"] = options.ShuffleLabels,
            ["model"] = options.Model,
            ["width"] = options.Width,
            ["depth"] = options.Depth,
            ["activation"] = options.Activation,
            ["biases"] = options.Biases,
            ["loss"] = options.Loss,
            ["targets"] = options.Targets,
            ["weightDecay"] = options.WeightDecay,
            ["initScale"] = options.InitScale,
            ["optimizer"] = options.Optimizer,
            ["learningRate"] = plan.LearningRate,
            ["momentum"] = (plan.Training.Optimizer as SgdOptions)?.Momentum,
            ["schedule"] = options.Schedule,
            ["batchSize"] = options.BatchSize,
            ["epochs"] = plan.Training.Epochs,
            ["measureEvery"] = options.MeasureEvery,
            ["testFraction"] = options.TestFraction,
            ["restarts"] = options.Restarts,
            ["top"] = options.Top,
            ["bottom"] = options.Bottom,
            ["tolerance"] = plan.Tolerance,
            ["seed"] = settings.Seed,
            ["precision"] = settings.Precision,
            ["threads"] = threads,
        };
    }
}
