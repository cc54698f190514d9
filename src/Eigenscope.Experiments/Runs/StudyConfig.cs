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
            ["standardize"] = options.Standardize,
            ["measureSamples"] = plan.Measured.SampleCount,
            ["model"] = options.Model,
            ["width"] = options.Width,
            ["depth"] = options.Depth,
            ["channels"] = options.Channels,
            ["headDepth"] = options.HeadDepth,
            ["headWidth"] = options.HeadWidth,
            ["headActivation"] = options.HeadActivation,
            ["dropout"] = options.Dropout,
            ["labelSmoothing"] = options.LabelSmoothing,
            ["augment"] = options.Augment,
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
            ["batchSize"] = plan.Training.BatchSize,
            ["epochs"] = plan.Training.Epochs,
            ["measureEvery"] = options.MeasureEvery,
            ["testFraction"] = options.TestFraction,
            ["restarts"] = options.Restarts,
            ["operators"] = plan.Measurement.Operators,
            ["scopes"] = plan.Measurement.Scopes,
            ["includeWeightDecay"] = options.IncludeWeightDecay,
            ["density"] = options.Density,
            ["memory"] = options.Memory,
            ["top"] = options.Top,
            ["bottom"] = options.Bottom,
            ["tolerance"] = plan.Tolerance,
            ["seed"] = settings.Seed,
            ["precision"] = settings.Precision,
            ["threads"] = threads,
        };
    }
}
