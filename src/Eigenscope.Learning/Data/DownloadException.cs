namespace Eigenscope.Learning.Data;

/// <summary>A file could not be downloaded. The message is one line: the address and what went wrong.</summary>
public sealed class DownloadException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="address">What was asked for.</param>
    /// <param name="problem">What went wrong, in one line.</param>
    /// <param name="isInterruption">Whether the connection broke, so that another attempt may go on where this one ended.</param>
    /// <param name="innerException">The cause, if another exception led here.</param>
    public DownloadException(Uri address, string problem, bool isInterruption = false, Exception? innerException = null)
        : base($"{address}: {problem}", innerException)
    {
        Address = address;
        IsInterruption = isInterruption;
    }

    /// <summary>What was asked for.</summary>
    public Uri Address { get; }

    /// <summary>Whether the connection broke, so that another attempt may go on where this one ended.</summary>
    public bool IsInterruption { get; }
}
