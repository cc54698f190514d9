namespace Eigenscope.Formats.Onnx;

/// <summary>Extent of one axis of a declared shape: a number, a symbol (<c>batch</c>), or neither, which is unknown.</summary>
/// <param name="Value">The number, ≥ 0, or null.</param>
/// <param name="Symbol">The symbol, or null.</param>
public readonly record struct OnnxExtent(long? Value, string? Symbol);
