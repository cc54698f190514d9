using Eigenscope.Experiments.Recipes;
using Eigenscope.Learning.Training;

namespace Eigenscope.Experiments.Runs;

/// <summary>Every option of a study as it was used, defaults and choices included; null where it acts on nothing.</summary>
internal static class StudyConfig
{
    public static IReadOnlyDictionary<string, object?> Describe(StudyPlan plan, RunSettings settings, int threads)
    {
        StudyOptions options = plan.Options;
        StudyRelevance relevance = new(options);
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
            ["width"] = relevance.HasWidth ? options.Width : null,
            ["depth"] = relevance.HasPerceptron ? options.Depth : null,
            ["channels"] = relevance.HasHead ? plan.Network.WeightLayers[0].Weight.Shape[0] : null,
            ["headDepth"] = relevance.HasHead ? StudyNetworks.HeadDepth(options) : null,
            ["headWidth"] = relevance.HasHiddenHead ? StudyNetworks.HeadWidth(options) : null,
            ["headActivation"] = relevance.HasHiddenHead ? options.HeadActivation : null,
            ["dropout"] = relevance.HasDropout ? options.Dropout : null,
            ["labelSmoothing"] = options.LabelSmoothing,
            ["augment"] = options.Augment,
            ["activation"] = relevance.HasActivation ? options.Activation : null,
            ["biases"] = relevance.HasPerceptron ? options.Biases : null,
            ["loss"] = options.Loss,
            ["targets"] = relevance.HasTargets ? options.Targets : null,
            ["weightDecay"] = options.WeightDecay,
            ["init"] = options.Init,
            ["initScale"] = options.InitScale,
            ["optimizer"] = options.Optimizer,
            ["learningRate"] = plan.LearningRate,
            ["momentum"] = (plan.Training.Optimizer as SgdOptions)?.Momentum,
            ["schedule"] = relevance.HasSteps ? options.Schedule : null,
            ["batchSize"] = relevance.HasSteps ? plan.Training.BatchSize : null,
            ["epochs"] = plan.Training.Epochs,
            ["measureEvery"] = plan.MeasureEvery,
            ["testFraction"] = options.TestFraction,
            ["restarts"] = options.Restarts,
            ["operators"] = plan.Measurement.Operators,
            ["scopes"] = plan.Measurement.Scopes,
            ["includeWeightDecay"] = relevance.HasSpectra ? options.IncludeWeightDecay : null,
            ["density"] = relevance.HasSpectra ? options.Density : null,
            ["convolutionSpectrum"] = relevance.HasHead ? options.ConvolutionSpectrum : null,
            ["nfaExponent"] = options.NfaExponent,
            ["agopCentred"] = options.AgopCentred,
            ["memory"] = plan.Memory,
            ["top"] = relevance.HasSolves ? plan.Measurement.Pairs : null,
            ["bottom"] = relevance.HasBottom ? options.Bottom : null,
            ["tolerance"] = relevance.HasSolves ? plan.Tolerance : null,
            ["seed"] = settings.Seed,
            ["precision"] = settings.Precision,
            ["threads"] = threads,
        };
    }
}
