namespace Eigenscope.Experiments.Engines;

/// <summary>How the running of a program ended.</summary>
public enum ProcessEnding
{
    /// <summary>The program ended by itself, or by a signal from outside.</summary>
    Exited,

    /// <summary>It was ended because its time was up.</summary>
    TimedOut,

    /// <summary>There is no such program, or no permission to run it.</summary>
    NotFound,
}
