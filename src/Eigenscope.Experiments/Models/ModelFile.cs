using Eigenscope.Experiments.Runs;
using Eigenscope.Experiments.Store;
using Eigenscope.Formats;
using Eigenscope.Formats.Onnx;
using Eigenscope.Learning.Import;

namespace Eigenscope.Experiments.Models;

/// <summary>Reads trained networks from files of every kind there is, chosen by the file's name.</summary>
internal static class ModelFile
{
    private const string Npz = ".npz";
    private const string Onnx = ".onnx";
    private const string Accepted = "an ONNX model (.onnx), a file that study --save or compress --out wrote, or the identity of a run in the store";

    /// <summary>The file that a user means: a path, or a run in the store.</summary>
    /// <exception cref="UsageException">There is no such file and no such run.</exception>
    public static string Find(string model, string? store, RunSettings settings)
    {
        if (File.Exists(model))
            return model;
        return StoredRuns.FindModel(store, model, settings) ?? throw new UsageException($"MODEL: no such file '{model}'; expected {Accepted}");
    }

    /// <summary>Whether a name is that of an ONNX model.</summary>
    public static bool IsOnnx(string path) => string.Equals(Path.GetExtension(path), Onnx, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a network.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="UsageException">It cannot be read, or is of no known kind; one line that names it.</exception>
    public static LoadedModel Load(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        Npz => OfStudy(TrainedModel.Load(path)),
        Onnx => OfOnnx(path),
        ".safetensors" => throw new UsageException($"{path} holds weights alone; --model says what network they belong to, and --names which is which"),
        var other => throw new UsageException($"{path}: unknown kind of model{(other.Length > 0 ? $" ('{other}')" : "")}; expected {Accepted}"),
    };

    private static LoadedModel OfOnnx(string path)
    {
        try
        {
            ImportedModel model = OnnxImport.Import(OnnxFile.Read(path));
            if (model.Network.WeightLayers.Count == 0)
                throw new UsageException($"{path}: the model has no Gemm, MatMul or Conv with a weight, and nothing else is measured; expected a network with layers");
            return new LoadedModel
            {
                Network = model.Network,
                State = model.State,
                SampleShape = model.InputShape,
                Format = "onnx",
                Imported = model,
                Notes = [.. model.Notes.Select(static note => $"{char.ToUpperInvariant(note[0])}{note[1..]}.")],
            };
        }
        catch (DataFormatException problem)
        {
            throw new UsageException(problem.Message, problem);
        }
        catch (OnnxImportException problem)
        {
            throw new UsageException($"{path}: {problem.Message}", problem);
        }
    }

    private static LoadedModel OfStudy(TrainedModel model) => new()
    {
        Network = model.Network,
        State = model.State.Parameters,
        SampleShape = model.Note.SampleShape,
        Format = "eigenscope",
        ClassNames = model.Note.ClassNames,
        Trained = model,
        Notes = model.Scaling is null ? [] : ["Inputs are shifted and scaled as the model's training samples were: that is a part of the model."],
    };
}
