using Eigenscope.Cli.Rendering;
using Eigenscope.Experiments.Engines;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Cli;

/// <summary>What surrounds the program, passed in so that tests can stand in for it.</summary>
internal sealed record CliContext
{
    /// <summary>Standard output as text.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Standard error as text.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Opens standard output as bytes, for <c>--json -</c>.</summary>
    public required Func<Stream> OpenOutput { get; init; }

    /// <summary>Opens standard input as bytes.</summary>
    public required Func<Stream> OpenInput { get; init; }

    /// <summary>How this program is started again, as a worker of a sweep.</summary>
    public required WorkerProgram Program { get; init; }

    /// <summary>The folder that it was started in.</summary>
    public required string Folder { get; init; }

    /// <summary>Creates what renders reports on a terminal; null when standard output is none, and reports are plain text of any width.</summary>
    public required Func<IReportRenderer>? Terminal { get; init; }

    /// <summary>Creates the progress display; null when standard error is not a terminal.</summary>
    public required Func<IProgressDisplay>? Progress { get; init; }

    /// <summary>Columns that help may use.</summary>
    public required int HelpWidth { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Downloads data sets that are asked for and not on this machine; null never reaches for a network.</summary>
    public NetworkAccess? Network { get; init; }

    /// <summary>Reads an environment variable; null when it is not set.</summary>
    public required Func<string, string?> Variable { get; init; }
}
