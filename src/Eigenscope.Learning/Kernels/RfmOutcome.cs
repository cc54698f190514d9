namespace Eigenscope.Learning.Kernels;

/// <summary>What fitting a recursive feature machine came to.</summary>
/// <param name="Machine">The machine of lowest validation error (the first of equals), or the last one without validation points.</param>
/// <param name="Best">Its iteration.</param>
/// <param name="Iterations">Every iteration from 0.</param>
/// <param name="Ending">Why it stopped.</param>
/// <param name="Message">The same in a sentence.</param>
public sealed record RfmOutcome(KernelMachine Machine, int Best, IReadOnlyList<RfmIteration> Iterations, RfmEnding Ending, string Message);
