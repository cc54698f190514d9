namespace Eigenscope.Experiments;

/// <summary>What was asked for cannot be done as asked: a wrong option or an unreadable input. The message is one line for the user, naming the option or file, what was expected and what came.</summary>
public sealed class UsageException : Exception
{
    /// <summary>Creates the exception.</summary>
    public UsageException()
    {
    }

    /// <summary>Creates the exception with its line.</summary>
    /// <param name="message">One line for the user.</param>
    public UsageException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with its line and a cause.</summary>
    /// <param name="message">One line for the user.</param>
    /// <param name="innerException">The cause.</param>
    public UsageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
