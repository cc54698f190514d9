using Eigenscope.Experiments.Reports.Pages;

namespace Eigenscope.Experiments.Reports;

/// <summary>What a command found, in every form in which it is shown: the tree that becomes JSON, tables for people, arrays for programs.</summary>
public sealed record Report
{
    /// <summary>Version of the JSON's shape.</summary>
    public string Schema { get; } = "eigenscope/1";

    /// <summary>The command: "study".</summary>
    public required string Command { get; init; }

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>Where it ran.</summary>
    public required RunEnvironment Environment { get; init; }

    /// <summary>Every option by its camel-case name, defaults included.</summary>
    public required IReadOnlyDictionary<string, object?> Config { get; init; }

    /// <summary>The command's own result; its public properties become JSON.</summary>
    public required object Result { get; init; }

    /// <summary>Whether every iterative number converged.</summary>
    public required bool IsConverged { get; init; }

    /// <summary>Whether the run was interrupted: what is here is what was done so far.</summary>
    public bool IsPartial { get; init; }

    /// <summary>Why the command failed although there is something to show, in one line; null when it did not.</summary>
    public string? Failure { get; init; }

    /// <summary>Findings as sentences with numbers, most important first.</summary>
    public IReadOnlyList<string> Findings { get; init; } = [];

    /// <summary>Tables for people.</summary>
    public IReadOnlyList<SummaryTable> Tables { get; init; } = [];

    /// <summary>Named arrays for <c>--arrays</c>, collected when they are first asked for.</summary>
    public Lazy<IReadOnlyList<NamedArray>> Arrays { get; init; } = new(static () => []);

    /// <summary>Writes the model that the command built to a file, for <c>--save</c>, whole or not at all; null for a command that builds none, or was stopped before it had.</summary>
    public Action<string>? SaveModel { get; init; }

    /// <summary>Writes what was found as a table of comma-separated values to a file, for <c>--csv</c>, whole or not at all; null for a command that has none.</summary>
    public Action<string>? SaveTable { get; init; }

    /// <summary>The page for <c>--report</c>, with the pictures that only it shows, collected when it is first asked for; null for a command that measures nothing.</summary>
    public Lazy<ReportPage>? Page { get; init; }
}
