namespace Eigenscope.Experiments.Engines;

/// <summary>How a program ended and what it wrote.</summary>
/// <param name="Ending">Whether it ran to its end.</param>
/// <param name="ExitCode">What it told the system; −1 where it did not run to its end.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
public sealed record ProcessOutcome(ProcessEnding Ending, int ExitCode, string Output, string Error)
{
    /// <summary>Whether it ran to its end and told of no failure.</summary>
    public bool Succeeded => Ending == ProcessEnding.Exited && ExitCode == 0;
}
