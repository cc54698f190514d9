namespace Eigenscope.Experiments;

/// <summary>A run that was asked for rightly could not be done: training diverged, a disk filled up. The message is one line for the user.</summary>
public sealed class RunFailedException : Exception
{
    /// <summary>Creates the exception.</summary>
    public RunFailedException()
    {
    }

    /// <summary>Creates the exception with its line.</summary>
    /// <param name="message">One line for the user.</param>
    public RunFailedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its line and a cause.</summary>
    /// <param name="message">One line for the user.</param>
    /// <param name="innerException">The cause.</param>
    public RunFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
