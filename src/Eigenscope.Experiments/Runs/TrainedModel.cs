using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Eigenscope.Experiments.Models;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Formats;
using Eigenscope.Formats.Onnx;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Export;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Training;

namespace Eigenscope.Experiments.Runs;

/// <summary>A trained network on disk: a checkpoint whose note (<see cref="ModelNote"/>) says all that is needed to use it.</summary>
internal sealed record TrainedModel(Network Network, TrainingState State, ModelNote Note)
{
    /// <summary>How inputs are scaled before they enter; null where they are not.</summary>
    public Standardization? Scaling => Note.Means is { } means ? new Standardization(means, Note.Scales!) : null;

    /// <summary>The network that a study trained.</summary>
    public static TrainedModel Of(StudyPlan plan, TrainedNetwork trained, RunSettings settings) => new(plan.Network, trained.Outcome.State, new ModelNote
    {
        Format = ModelNote.FormatName,
        Version = ModelNote.CurrentVersion,
        Options = plan.Options,
        Seed = settings.Seed,
        Precision = settings.Precision,
        SampleShape = plan.Data.Train.SampleShape,
        ClassNames = plan.Data.Train.ClassNames,
        Means = plan.Scaling is { } scaling ? [.. scaling.Means] : null,
        Scales = plan.Scaling is { } map ? [.. map.Scales] : null,
        LearningRate = trained.Attempts.First(static attempt => attempt.IsReported).LearningRate,
        BatchSize = plan.Training.BatchSize,
        TrainingDigest = Digest(plan.Data.Train),
        Ranks = new Dictionary<string, int>(StringComparer.Ordinal),
    });

    /// <summary>Writes the file, whole or not at all: a checkpoint, or where its name says so an ONNX model in single precision, which scales its inputs itself.</summary>
    public void Save(string path)
    {
        if (ModelFile.IsOnnx(path))
            OnnxFile.Write(path, OnnxExport.Export(Network, State.Parameters, new OnnxExportOptions { InputMeans = Note.Means, InputScales = Note.Scales }));
        else
            Checkpoint.Save(path, Network, State, Note.Text());
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="UsageException">It is missing, damaged, no such file, or of a later version; one line that names it.</exception>
    public static TrainedModel Load(string path)
    {
        try
        {
            ModelNote note = ModelNote.Parse(Checkpoint.ReadNote(path)) ?? throw new JsonException("its note is not one of a trained network");
            StudyRecipe.Validate(note.Options, new RunSettings { Seed = note.Seed, Precision = note.Precision });
            Network network = StudyNetworks.Create(note.Options, note.SampleShape, note.ClassNames.Count, note.Ranks);
            TrainedModel model = new(network, Checkpoint.Load(path, network).State, note);
            model.RequireUsable();
            return model;
        }
        catch (DataFormatException failure)
        {
            throw new UsageException($"expected a model that study --save or compress --out wrote: {failure.Message}", failure);
        }
        catch (Exception failure) when (failure is JsonException or NotSupportedException or ArgumentException or OverflowException or UsageException)
        {
            throw new UsageException($"{path}: expected a model that study --save or compress --out wrote, got {(failure is NotSupportedException ? "" : "a file that is damaged or of another kind: ")}{failure.Message.Split(" (Parameter", 2)[0].ReplaceLineEndings(" ")}", failure);
        }
    }

    /// <summary>SHA-256 of samples and their labels.</summary>
    public static string Digest(Dataset data)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = 0; i < data.SampleCount; i++)
            hash.AppendData(MemoryMarshal.AsBytes(data.Inputs.Row(i)));
        hash.AppendData(MemoryMarshal.AsBytes<int>(data.Labels));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private void RequireUsable()
    {
        if (State.Parameters.Any(static value => !double.IsFinite(value)))
            throw new JsonException("some of its parameters are not finite");
        bool isScaled = Note.Means is not null;
        if (isScaled != Note.Scales is not null || Note.ClassNames.Count < 2 || (isScaled && Scaling!.Means.Count != Network.InputSize))
            throw new JsonException("its note does not fit its network");
    }
}
