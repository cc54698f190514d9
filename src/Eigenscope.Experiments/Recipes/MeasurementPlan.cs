using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Training;

namespace Eigenscope.Experiments.Recipes;

/// <summary>What measuring a network needs to know of it and of what is asked, whoever trained it and however.</summary>
internal sealed record MeasurementPlan
{
    /// <summary>The network whose layers and Hessians are measured.</summary>
    public required Network Network { get; init; }

    /// <summary>What follows every weight layer but the last.</summary>
    public required Activation Activation { get; init; }

    /// <summary>The decay that the objective has.</summary>
    public required WeightDecay Decay { get; init; }

    /// <summary>Class of each sample.</summary>
    public required int[] Labels { get; init; }

    /// <summary>K.</summary>
    public required int Classes { get; init; }

    /// <summary>Pairs wanted of a layer's Hessian and of the full one.</summary>
    public required int Pairs { get; init; }

    /// <summary>Smallest eigenvalues wanted of the full Hessian.</summary>
    public required int Bottom { get; init; }

    /// <summary>Relative residual asked of every eigenpair of the final measurement.</summary>
    public required double Tolerance { get; init; }
}
