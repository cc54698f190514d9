using Eigenscope.Experiments.Models;
using Eigenscope.Experiments.Reports;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Features;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Training;

namespace Eigenscope.Experiments.Recipes;

/// <summary>A checked analysis: the model, its samples, and what is measured.</summary>
internal sealed record AnalyzePlan
{
    private const string DefaultMemory = "5GB";

    public required AnalyzeOptions Options { get; init; }

    /// <summary>The file that was read.</summary>
    public required string Path { get; init; }

    public required LoadedModel Model { get; init; }

    /// <summary>The name or path of the data.</summary>
    public required string DataName { get; init; }

    public required AnalyzeSamples Samples { get; init; }

    public required WeightDecay Decay { get; init; }

    /// <summary>λ of the decay.</summary>
    public required double WeightDecay { get; init; }

    public required Precision Precision { get; init; }

    public required double Tolerance { get; init; }

    /// <summary>Scopes beside all parameters, each once; every one is some of the network's.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    public Network Network => Model.Network;

    /// <summary>K: the number of outputs.</summary>
    public int Classes => Network.OutputSize;

    /// <summary>Memory for what is kept between products, as the user writes it.</summary>
    public string Memory => Options.Memory ?? DefaultMemory;

    /// <summary>How objectives over the samples compute.</summary>
    public ObjectiveOptions Objective => new ObjectiveOptions { Precision = Precision, SliceRows = Options.Batch }.WithMemory(MemoryAmount.Parse(Memory)!.Value);

    /// <summary>Largest eigenvalues wanted of every operator.</summary>
    public int Pairs => AnalyzeRecipe.Pairs(Options.Top, Network);

    /// <summary>What is measured of the network.</summary>
    public MeasurementPlan Measurement => new()
    {
        Network = Network,
        Decay = Decay,
        Labels = Samples.Labels,
        Classes = Classes,
        NoClasses = Samples.NoClasses,
        Pairs = Pairs,
        MeasuredShare = Samples.Share,
        Whole = Samples.Share > 0.0 ? SubsetErrors.TrainingSamples : SubsetErrors.Population,
        HasHalves = !Options.NoHalves,
        HasLargeAgops = !Options.NoAgop,
        Operators = OperatorNames.Ordered(Options.Operators),
        LayerHessians = OperatorNames.Split(Options.Operators).Contains(OperatorNames.Layers, StringComparer.Ordinal),
        Scopes = Scopes,
        IncludesWeightDecay = Options.IncludeWeightDecay,
        Density = Options.Density,
        ConvolutionSpectrum = Options.ConvolutionSpectrum,
        Ansatz = new AgopForm { Centring = Options.AgopCentred ? Centring.SampleMean : Centring.None, Exponent = Options.NfaExponent },
        HasCostlyProducts = AnalyzeRecipe.HasCostlyProducts(Network),
        Bottom = Options.Bottom,
        Tolerance = Tolerance,
    };
}
