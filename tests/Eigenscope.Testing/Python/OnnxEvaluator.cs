namespace Eigenscope.Testing.Python;

/// <summary>ONNX models evaluated by NumPy and PyTorch (tests/oracles/onnx_evaluate.py), after ONNX's own checker has passed them.</summary>
public static class OnnxEvaluator
{
    private const string Resource = "Eigenscope.Testing.onnx_evaluate.py";
    private static readonly Lazy<string?> Lack = new(static () => PythonScript.Missing("numpy", "onnx", "torch"));

    /// <summary>What is missing on this machine, for xunit to say; null for nothing.</summary>
    public static string? Missing => Lack.Value;

    /// <summary>Checks and evaluates a model.</summary>
    /// <param name="model">The .onnx file.</param>
    /// <param name="data">An .npz file with x, and y where accuracy is wanted; or x_test and y_test.</param>
    /// <param name="logits">Where to write the logits, .npy; null for nowhere.</param>
    /// <param name="isDouble">Whether to compute in double precision from the file's numbers.</param>
    /// <returns>What was printed: the accuracy.</returns>
    /// <exception cref="InvalidOperationException">The checker refused the model, or it cannot be evaluated.</exception>
    public static string Run(string model, string data, string? logits = null, bool isDouble = false)
    {
        using StreamReader reader = new(typeof(OnnxEvaluator).Assembly.GetManifestResourceStream(Resource)!);
        return PythonScript.Run(reader.ReadToEnd(), [model, data, .. logits is null ? Array.Empty<string>() : [logits], .. isDouble ? ["--double"] : Array.Empty<string>()]).Trim();
    }
}
