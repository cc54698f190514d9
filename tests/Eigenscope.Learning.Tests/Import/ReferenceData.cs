using System.Text.Json;
using Eigenscope.Formats.Onnx;
using Eigenscope.Learning.Import;
using Eigenscope.Testing.Files;

namespace Eigenscope.Learning.Tests.Import;

/// <summary>What PyTorch says of the files under Data; tests/oracles has the scripts.</summary>
internal static class ReferenceData
{
    private static readonly JsonSerializerOptions Names = new(JsonSerializerDefaults.Web);

    /// <summary>The name of every stored network.</summary>
    public static IEnumerable<string> Models => Directory.EnumerateFiles(Folder("Models"), "*.json").Select(static path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);

    /// <summary>The name of every family of operators.</summary>
    public static IEnumerable<string> Families => Directory.EnumerateFiles(Folder("Operators"), "*.json").Select(static path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);

    /// <summary>Path of a stored network's file.</summary>
    public static string PathOf(string model) => Path.Combine(Folder("Models"), model + ".onnx");

    /// <summary>What is known of a stored network.</summary>
    public static ModelReference Model(string name) => Read<ModelReference>(Path.Combine(Folder("Models"), name + ".json"));

    /// <summary>The cases of a family.</summary>
    public static IReadOnlyList<OperatorReference> Operators(string family) => Read<OperatorFamily>(Path.Combine(Folder("Operators"), family + ".json")).Cases;

    /// <summary>Imports a case's file.</summary>
    public static ImportedModel Import(OperatorReference reference)
    {
        using TemporaryFolder folder = new();
        return OnnxImport.Import(OnnxFile.Read(folder.Write("case.onnx", reference.Model)));
    }

    private static string Folder(string name) => Path.Combine(AppContext.BaseDirectory, "Import", "Data", name);

    private static T Read<T>(string path) => JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Names) ?? throw new JsonException($"{path} is empty");
}

/// <summary>One family of the grid of operators.</summary>
internal sealed record OperatorFamily(IReadOnlyList<OperatorReference> Cases);

/// <summary>A file with one operator after a layer: output y for x, and the gradient of Σ c·y in x; samples one after the other.</summary>
internal sealed record OperatorReference(string Name, int Samples, int[] InputShape, int Outputs, byte[] Model, double[] X, double[] C, double[] Y, double[] Gradient);

/// <summary>A stored network: samples, labels or targets, and what PyTorch computes in float64.</summary>
internal sealed record ModelReference(
    string Loss, int[] InputShape, int Outputs, int Samples, double[] X, int[]? Labels, double[]? Targets, double[] Logits, double DataLoss, double GradientNorm, int Parameters,
    IReadOnlyList<BlockReference> Blocks, double[] Hessian, double HessianTrace, double[] HessianSmallest, double[] GaussNewton, IReadOnlyList<LayerReference> Layers);

/// <summary>A parameter of a stored network by the file's name.</summary>
internal sealed record BlockReference(string Name, int Size, double GradientNorm);

/// <summary>Largest eigenvalues, at most twenty, of the Hessian's and the Gauss–Newton matrix's diagonal block of a layer's weight.</summary>
internal sealed record LayerReference(string Name, double[] Hessian, double[] GaussNewton);
