namespace Eigenscope.Learning.Data;

/// <summary>What checking a file of a data set showed.</summary>
public enum FileState
{
    /// <summary>It is what was published.</summary>
    Right,

    /// <summary>It is well formed, and holds less than what was published.</summary>
    Partial,

    /// <summary>It is damaged or something else.</summary>
    Wrong,

    /// <summary>It is not there.</summary>
    Missing,
}
