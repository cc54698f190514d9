using Eigenscope.Experiments.Recipes;
using Eigenscope.Learning.Training;

namespace Eigenscope.Experiments.Runs;

/// <summary>Every option of a compression as it was used, and what the model's file says; null where it acts on nothing.</summary>
internal static class CompressConfig
{
    public static IReadOnlyDictionary<string, object?> Describe(CompressPlan plan, RunSettings settings, int threads)
    {
        CompressOptions options = plan.Options;
        (TrainingOptions Training, double? LearningRate)? tuning = options.FineTuneEpochs > 0 ? plan.Model.FineTuning(options, plan.Data.Train) : null;
        return new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["model"] = options.Model,
            ["store"] = options.Store,
            ["format"] = plan.Model.Format,
            ["network"] = plan.Model.Architecture,
            ["loss"] = plan.Model.Loss,
            ["weightDecay"] = plan.Model.WeightDecay,
            ["data"] = plan.DataName,
            ["dataSource"] = plan.Data.Train.Source,
            ["samples"] = plan.Data.Train.SampleCount,
            ["testSamples"] = plan.Data.Test?.SampleCount ?? 0,
            ["classes"] = plan.Data.Train.ClassCount,
            ["isTrainingData"] = plan.IsTrainingData,
            ["maxAccuracyDrop"] = plan.Validation is null ? null : plan.AllowedDrop,
            ["rank"] = options.Rank,
            ["energy"] = options.Energy,
            ["theory"] = options.Theory,
            ["validationFraction"] = plan.Validation is null ? null : options.ValidationFraction,
            ["validationSamples"] = plan.Validation?.SampleCount,
            ["fineTuneEpochs"] = options.FineTuneEpochs,
            ["learningRate"] = tuning?.LearningRate,
            ["batchSize"] = tuning?.Training.BatchSize,
            ["seed"] = settings.Seed,
            ["precision"] = settings.Precision,
            ["threads"] = threads,
        };
    }
}
