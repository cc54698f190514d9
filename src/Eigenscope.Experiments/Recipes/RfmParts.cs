using Eigenscope.Learning.Data;
using Eigenscope.Learning.Kernels;
using Eigenscope.Learning.Losses;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Recipes;

/// <summary>Samples of classes or with real targets, in the one form that a machine takes.</summary>
internal sealed record RfmPart(string Name, string Source, Tensor<double> Inputs, Tensor<double> Targets, int[]? Labels)
{
    public static RfmPart Of(Dataset samples, TargetCoding coding) => new(samples.Name, samples.Source, samples.Inputs, KernelData.Coded(samples, coding), samples.Labels);

    public static RfmPart Of(RegressionSamples samples) => new(samples.Name, samples.Source, samples.Inputs, samples.Targets, null);

    public RfmData Data => new(KernelData.Flat(Inputs), Targets, Labels);
}

/// <summary>What is trained on, what chooses the iteration, and what is tested on: the data's own test samples, or a share that was held out.</summary>
internal sealed record RfmParts(RfmPart Train, RfmPart? Validation, RfmPart? Test, double? TestFraction, IReadOnlyList<string>? Classes)
{
    /// <summary>All parts by one map.</summary>
    public RfmParts Scaled(Standardization map) => this with { Train = Apply(Train, map), Validation = Validation is null ? null : Apply(Validation, map), Test = Test is null ? null : Apply(Test, map) };

    private static RfmPart Apply(RfmPart part, Standardization map) => part with { Inputs = map.Apply(part.Inputs) };
}
