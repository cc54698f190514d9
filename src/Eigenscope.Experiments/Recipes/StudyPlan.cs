using Eigenscope.Learning.Data;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Features;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Training;

namespace Eigenscope.Experiments.Recipes;

/// <summary>A checked study: what the options mean for the data at hand.</summary>
internal sealed record StudyPlan
{
    private const string DefaultMemory = "5GB";

    public required StudyOptions Options { get; init; }

    public required DataSplit Data { get; init; }

    /// <summary>How the data's inputs were shifted and scaled; null where they were not.</summary>
    public required Standardization? Scaling { get; init; }

    /// <summary>The training samples that are measured: all of them, or a subset with its classes balanced.</summary>
    public required Dataset Measured { get; init; }

    /// <summary>Whether only a part of the training samples is measured.</summary>
    public bool MeasuresSubset => Measured.SampleCount < Data.Train.SampleCount;

    public required Network Network { get; init; }

    public required Loss Loss { get; init; }

    public required Precision Precision { get; init; }

    public required WeightDecay Decay { get; init; }

    public required TrainingOptions Training { get; init; }

    /// <summary>The learning rate at the start, null for an optimiser without one.</summary>
    public required double? LearningRate { get; init; }

    /// <summary>Relative residual asked of every eigenpair of the final measurement.</summary>
    public required double Tolerance { get; init; }

    /// <summary>Epochs after which parameters are kept for measuring, ascending; the first is 0, the last is the end.</summary>
    public required IReadOnlyList<int> MeasuredEpochs { get; init; }

    /// <summary>Epochs between measurements; 0 where only the start and the end are measured.</summary>
    public required int MeasureEvery { get; init; }

    /// <summary>Scopes beside all parameters, each once; every one is some of the network's.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Memory for what is kept between products, as the user writes it.</summary>
    public string Memory => Options.Memory ?? DefaultMemory;

    /// <summary>How objectives over the data compute.</summary>
    public ObjectiveOptions Objective => new ObjectiveOptions { Precision = Precision }.WithMemory(MemoryAmount.Parse(Memory)!.Value);

    /// <summary>What is measured of the network.</summary>
    public MeasurementPlan Measurement => new()
    {
        Network = Network,
        Decay = Decay,
        Labels = Measured.Labels,
        Classes = Data.Train.ClassCount,
        Pairs = StudySize.Pairs(Options, Data.Train.ClassCount),
        MeasuredShare = Measured.ClassCounts.Zip(Data.Train.ClassCounts, static (measured, trained) => (double)measured / trained).Min(),
        Operators = OperatorNames.Ordered(Options.Operators),
        Scopes = Scopes,
        IncludesWeightDecay = Options.IncludeWeightDecay,
        Density = Options.Density,
        ConvolutionSpectrum = Options.ConvolutionSpectrum,
        Ansatz = new AgopForm { Centring = Options.AgopCentred ? Centring.SampleMean : Centring.None, Exponent = Options.NfaExponent },
        HasCostlyProducts = StudyNetworks.IsConvolutional(Options),
        Bottom = Options.Bottom,
        Tolerance = Tolerance,
    };

    /// <summary>
    /// Largest rank that the centred class means of the logits can have: min(K − 1, inputs of the last layer), and where no activation lies between, the narrowest of all layers' inputs.
    /// </summary>
    public int FullRank
    {
        get
        {
            bool isLinear = Network.Layers.All(static layer => layer is BilinearLayer);
            int narrowest = isLinear ? Network.WeightLayers.Min(static layer => layer.InputSize) : Network.WeightLayers[^1].InputSize;
            return Math.Min(Data.Train.ClassCount - 1, narrowest);
        }
    }
}
