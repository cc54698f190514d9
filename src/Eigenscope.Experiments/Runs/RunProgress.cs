namespace Eigenscope.Experiments.Runs;

/// <summary>Where a run is, for a progress line.</summary>
/// <param name="Phase">What is being done: "training", "measuring", "full Hessian".</param>
/// <param name="Fraction">Share of the whole run that is done, in [0, 1], estimated.</param>
/// <param name="Detail">Numbers to show, already formatted: "loss 0.0123 · NC1 0.045".</param>
public sealed record RunProgress(string Phase, double Fraction, string Detail);
