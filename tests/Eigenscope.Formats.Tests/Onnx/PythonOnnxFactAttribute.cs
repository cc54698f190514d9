using Eigenscope.Testing.Python;

namespace Eigenscope.Formats.Tests.Onnx;

/// <summary>A test that needs the format's own Python package, and is skipped where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonOnnxFactAttribute : FactAttribute
{
    private static readonly string? Missing = PythonScript.Missing("onnx", "numpy");

    public PythonOnnxFactAttribute() => Skip = Missing;
}
