namespace Eigenscope.Learning.Import;

/// <summary>A model that is well written but holds something that cannot be imported. The message lists every such node, by its name, and says what to do.</summary>
public sealed class OnnxImportException : Exception
{
    /// <summary>An empty complaint.</summary>
    public OnnxImportException()
    {
    }

    /// <summary>A complaint.</summary>
    /// <param name="message">What cannot be imported, where, and what to do.</param>
    public OnnxImportException(string message)
        : base(message)
    {
    }

    /// <summary>A complaint with its cause.</summary>
    /// <param name="message">What cannot be imported, where, and what to do.</param>
    /// <param name="innerException">Its cause.</param>
    public OnnxImportException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
