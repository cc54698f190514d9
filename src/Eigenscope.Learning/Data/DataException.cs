namespace Eigenscope.Learning.Data;

/// <summary>Data cannot be used as asked. The message is one line that begins with <see cref="Subject"/> and says what was expected, what came and what to do.</summary>
public sealed class DataException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="subject">The file, folder, data set or option at fault.</param>
    /// <param name="problem">What is wrong with it, in one line.</param>
    /// <param name="innerException">The cause, if another exception led here.</param>
    public DataException(string subject, string problem, Exception? innerException = null)
        : base($"{subject}: {problem}", innerException) => Subject = subject;

    /// <summary>The file, folder, data set or option at fault.</summary>
    public string Subject { get; }
}
