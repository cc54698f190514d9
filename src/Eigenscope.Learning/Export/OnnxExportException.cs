namespace Eigenscope.Learning.Export;

/// <summary>A network holds layers that ONNX files are not written of; the message lists them.</summary>
public sealed class OnnxExportException : Exception
{
    /// <summary>An empty complaint.</summary>
    public OnnxExportException()
    {
    }

    /// <summary>A complaint.</summary>
    /// <param name="message">Which layers, and what to do.</param>
    public OnnxExportException(string message)
        : base(message)
    {
    }

    /// <summary>A complaint with its cause.</summary>
    /// <param name="message">Which layers, and what to do.</param>
    /// <param name="innerException">Its cause.</param>
    public OnnxExportException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
