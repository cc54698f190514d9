namespace Eigenscope.Theory.ImplicitBias;

/// <summary>How far <see cref="HadamardFlow"/> goes, and how exactly.</summary>
public sealed record HadamardFlowOptions
{
    /// <summary>L ≥ 1, number of weight matrices.</summary>
    public required int Depth { get; init; }

    /// <summary>n ≥ 1, samples of each class. Default 1.</summary>
    public int PerClass { get; init; } = 1;

    /// <summary>The loss to stop at, ≥ 1e-100. Default 1e-8.</summary>
    public double StopLoss { get; init; } = 1e-8;

    /// <summary>The time to stop at if the loss has not been reached, ≥ 0. Default: none.</summary>
    public double StopTime { get; init; } = double.PositiveInfinity;

    /// <summary>Local error of a step, relative to 1 or what is larger, in (0, 1). Default 1e-11.</summary>
    public double Tolerance { get; init; } = 1e-11;
}
