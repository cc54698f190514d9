using Eigenscope.Experiments.Runs;

namespace Eigenscope.Cli.Commands;

/// <summary>What was asked of a command beyond its own options.</summary>
internal sealed record CommandRequest
{
    /// <summary>Where and how to compute.</summary>
    public required RunSettings Settings { get; init; }

    /// <summary>Where the JSON goes: a file, "-", or null.</summary>
    public string? Json { get; init; }

    /// <summary>Where the arrays go, or null.</summary>
    public string? Arrays { get; init; }

    /// <summary>Where the model goes that the command builds, or null.</summary>
    public string? Model { get; init; }

    /// <summary>The option that says where.</summary>
    public string ModelOption { get; init; } = "--save";

    /// <summary>Where the table of comma-separated values goes, or null.</summary>
    public string? Csv { get; init; }

    /// <summary>Where the page for people goes, or null.</summary>
    public string? Page { get; init; }

    /// <summary>The files and folders that are read, and what they are: results must not overwrite them.</summary>
    public IReadOnlyList<(string What, string Path)> Inputs { get; init; } = [];

    /// <summary>Whether nothing but errors is printed.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>Whether a result that did not converge is told by the exit code.</summary>
    public bool RequireConverged { get; init; }

    /// <summary>Checks the command's own options before any work, or null.</summary>
    public Action? Validate { get; init; }
}
