using Eigenscope.Testing.Python;

namespace Eigenscope.Learning.Tests;

/// <summary>A theory that needs the system's Python with onnx and torch; skipped, and said why, where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonTorchTheoryAttribute : TheoryAttribute
{
    /// <summary>Looks for them.</summary>
    public PythonTorchTheoryAttribute() => Skip = OnnxEvaluator.Missing;
}
