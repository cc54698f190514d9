namespace Eigenscope.Cli;

/// <summary>What the program tells the shell.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Failed while running.</summary>
    public const int Failed = 1;

    /// <summary>Wrong arguments or unreadable input.</summary>
    public const int Usage = 2;

    /// <summary>Done, but not converged, with <c>--require-converged</c>.</summary>
    public const int NotConverged = 3;

    /// <summary>Interrupted; what was done so far is saved.</summary>
    public const int Interrupted = 130;
}
