namespace Eigenscope.Experiments.Engines;

/// <summary>One program to run to its end. No shell reads the arguments: each reaches the program as it is written.</summary>
/// <param name="Program">A name that is looked for on the PATH, or a path.</param>
/// <param name="Arguments">Its arguments.</param>
public sealed record ProcessRequest(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>Variables set beside those of this process, by name; a null value takes a variable away.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>The folder it starts in; null for that of this process.</summary>
    public string? Folder { get; init; }

    /// <summary>When it is ended with everything it started. Default: one minute.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(1);
}
