namespace Eigenscope.Formats.Onnx;

/// <summary>What a reader of ONNX files may take.</summary>
public sealed record OnnxReadOptions
{
    /// <summary>Most bytes that the file and its external data may have together; more is refused before it is read. The default is 4 GiB.</summary>
    public long MaximumBytes { get; init; } = 4L << 30;
}
