using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Cli.Commands;

/// <summary>What becomes of a command line once it is understood.</summary>
/// <param name="context">What surrounds the program.</param>
/// <param name="interruption">Cancelled by Ctrl-C.</param>
internal abstract class CommandRunner(CliContext context, CancellationToken interruption)
{
    /// <summary>What surrounds the program.</summary>
    public CliContext Context { get; } = context;

    /// <summary>Cancelled by Ctrl-C.</summary>
    public CancellationToken Interruption { get; } = interruption;

    /// <summary>Takes a command.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="work">The command itself.</param>
    /// <returns>The exit code.</returns>
    public abstract int Run(CommandRequest request, Func<IProgress<RunProgress>?, Report> work);

    /// <summary>Takes a command that measures something, and can be part of a sweep.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="work">The command itself, whose settings a sweep may complete.</param>
    /// <returns>The exit code.</returns>
    public abstract int Measure(CommandRequest request, Func<RunSettings, IProgress<RunProgress>?, CancellationToken, Report> work);
}
