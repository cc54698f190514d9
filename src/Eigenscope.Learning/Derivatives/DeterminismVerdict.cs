namespace Eigenscope.Learning.Derivatives;

/// <summary>Whether an objective is a fixed function of its parameters, as every spectrum assumes.</summary>
public sealed record DeterminismVerdict
{
    /// <summary>Whether all passes agreed.</summary>
    public bool IsDeterministic => Cause is null;

    /// <summary>Why not; null when they did.</summary>
    public required DeterminismCause? Cause { get; init; }

    /// <summary>What was found and what to do, in one line.</summary>
    public required string Message { get; init; }
}
