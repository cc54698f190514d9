namespace Eigenscope.Learning.Derivatives;

/// <summary>An objective is not a fixed function of its parameters, so that it has no spectrum.</summary>
public sealed class DeterminismException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="verdict">What the probe found; its message becomes the exception's.</param>
    public DeterminismException(DeterminismVerdict verdict)
        : base(verdict?.Message) => Verdict = verdict ?? throw new ArgumentNullException(nameof(verdict));

    /// <summary>What the probe found.</summary>
    public DeterminismVerdict Verdict { get; }
}
