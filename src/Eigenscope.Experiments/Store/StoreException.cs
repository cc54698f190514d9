namespace Eigenscope.Experiments.Store;

/// <summary>A store cannot be written: the disk is full, gone or read-only.</summary>
public sealed class StoreException : IOException
{
    /// <summary>Creates it.</summary>
    /// <param name="message">What the system said.</param>
    /// <param name="inner">How it said it.</param>
    public StoreException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
