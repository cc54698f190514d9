namespace Eigenscope.Experiments.Engines.Slurm;

/// <summary>How the runs of a sweep are started on a node, and what is asked of the cluster.</summary>
public sealed record SlurmWork
{
    /// <summary>What starts this program: its path, or <c>dotnet</c>'s path and the path of its assembly; both seen by every node.</summary>
    public required IReadOnlyList<string> Program { get; init; }

    /// <summary>What tells the program to carry out runs of the plan: <c>--batch FILE --task INDEX</c> follow.</summary>
    public required IReadOnlyList<string> TaskArguments { get; init; }

    /// <summary>The sweep's recipe: the job that collects reads a copy of it, as it was when it was submitted. Null where what collects needs none.</summary>
    public string? Recipe { get; init; }

    /// <summary>The command that shows the results together when all tasks have ended; the copy of the recipe follows it.</summary>
    public IReadOnlyList<string> CollectCommand { get; init; } = ["sweep"];

    /// <summary>What it is told besides.</summary>
    public required IReadOnlyList<string> CollectArguments { get; init; }

    /// <summary>Variables the program is to see, by name, beside those of the shell that submits.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What is asked of the cluster.</summary>
    public SlurmOptions Options { get; init; } = new();

    /// <summary>Whether tasks that are stuck are cancelled and their runs submitted again. Default: they are left as they are.</summary>
    public bool FreesStuck { get; init; }
}
