using Eigenscope.Experiments.Recipes;

namespace Eigenscope.Experiments.Runs;

/// <summary>Every option of a compression as it was used, and what the model's note says; null where it acts on nothing.</summary>
internal static class CompressConfig
{
    public static IReadOnlyDictionary<string, object?> Describe(CompressPlan plan, RunSettings settings, int threads)
    {
        CompressOptions options = plan.Options;
        ModelNote note = plan.Model.Note;
        return new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["model"] = options.Model,
            ["store"] = options.Store,
            ["network"] = note.Options.Model,
            ["loss"] = note.Options.Loss,
            ["weightDecay"] = note.Options.WeightDecay,
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
            ["learningRate"] = options.FineTuneEpochs > 0 ? CompressRecipe.FineTuning(plan).LearningRate : null,
            ["seed"] = settings.Seed,
            ["precision"] = settings.Precision,
            ["threads"] = threads,
        };
    }
}
