using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Experiments.Sweeps;

/// <summary>A command line that was understood, and what it asks for: the face that knows the options makes these, so that a sweep takes every option exactly as the command line does.</summary>
public sealed record PreparedRun
{
    /// <summary>Seed, precision, threads, folders.</summary>
    public required RunSettings Settings { get; init; }

    /// <summary>Checks the options before any work; throws <see cref="UsageException"/>.</summary>
    public required Action Validate { get; init; }

    /// <summary>Carries it out.</summary>
    public required Func<RunSettings, IProgress<RunProgress>?, CancellationToken, Report> Run { get; init; }
}

/// <summary>Understands a command line.</summary>
/// <param name="arguments">The command and its options.</param>
/// <returns>What it asks for.</returns>
/// <exception cref="UsageException">It is not understood; the message lists everything that is wrong.</exception>
public delegate PreparedRun RunPreparation(IReadOnlyList<string> arguments);
