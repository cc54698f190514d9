using Eigenscope.Learning.Data;
using Eigenscope.Learning.Kernels;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Recipes;

/// <summary>A checked run of Deep RFM.</summary>
internal sealed record DeepRfmPlan
{
    public required DeepRfmRunOptions Options { get; init; }

    /// <summary>Standardised unless the options say otherwise.</summary>
    public required DataSplit Data { get; init; }

    /// <summary>N × d.</summary>
    public required Tensor<double> Inputs { get; init; }

    /// <summary>N × K, ±1.</summary>
    public required Tensor<double> Targets { get; init; }

    /// <summary>Samples to test on, N' × d, or null.</summary>
    public required Tensor<double>? TestInputs { get; init; }

    /// <summary>Share of each class that was held out; null where the test samples are the data's own.</summary>
    public required double? TestFraction { get; init; }

    /// <summary>How inputs were scaled; null where they were not.</summary>
    public required Standardization? Scaling { get; init; }

    public required DeepRfmOptions DeepRfm { get; init; }

    public int Classes => Data.Train.ClassCount;
}
