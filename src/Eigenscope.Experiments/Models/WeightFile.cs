using System.Globalization;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Formats;
using Eigenscope.Formats.Safetensors;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Import;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Experiments.Models;

/// <summary>Reads weights that others saved into a network that is built here, from an architecture that is said and samples that it must fit.</summary>
internal static class WeightFile
{
    private const string StudyNote = "training/note";
    private const int MostChannels = 4;

    /// <summary>Reads weights.</summary>
    /// <param name="path">The file.</param>
    /// <param name="architecture">The network, as a study would build it.</param>
    /// <param name="classes">Number of logits; null takes it from the samples.</param>
    /// <param name="names">A JSON file from the file's names to the network's, or null.</param>
    /// <param name="data">The samples.</param>
    /// <exception cref="UsageException">File, architecture and samples do not fit; one line that names what is at fault.</exception>
    public static LoadedModel Load(string path, StudyOptions architecture, int? classes, string? names, GivenSamples data)
    {
        int[] shape = SampleShape(architecture, data);
        try
        {
            IReadOnlyList<WeightArray> arrays = Read(path);
            Network network = StudyNetworks.Create(architecture, shape, classes ?? Classes(data), ranks: null);
            WeightMap map = names is null ? WeightMap.Identity : WeightMap.Read(names);
            return new LoadedModel
            {
                Network = network,
                State = map.Apply(network, arrays, path),
                SampleShape = shape,
                Format = Path.GetExtension(path).TrimStart('.').ToLowerInvariant(),
                Notes = [string.Create(CultureInfo.InvariantCulture, $"The weights were put into a network of --model {architecture.Model} with {network.ParameterCount} parameters, by their names{(names is null ? "" : $" and {names}")}; that it is the network they were trained in is what the names say.")],
            };
        }
        catch (DataException problem)
        {
            throw new UsageException(problem.Message, problem);
        }
        catch (DataFormatException problem)
        {
            throw new UsageException($"expected a file of weights: {problem.Message}", problem);
        }
    }

    private static List<WeightArray> Read(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".npz" => OfNpz(path),
        ".safetensors" => [.. SafetensorsFile.Read(path).Values.Select(static tensor => new WeightArray(tensor.Name, tensor.Shape, tensor.ToDoubles()))],
        var other => throw new UsageException($"{path}: unknown kind of file of weights{(other.Length > 0 ? $" ('{other}')" : "")}; expected a .safetensors or an .npz with one array for each parameter, as safetensors.torch.save_file(model.state_dict(), path) and numpy.savez(path, **{{name: array.numpy() for name, array in model.state_dict().items()}}) write"),
    };

    private static List<WeightArray> OfNpz(string path)
    {
        IReadOnlyList<string> names = NpzFile.Names(path);
        if (names.Contains(StudyNote, StringComparer.Ordinal))
            throw new UsageException($"--model must be left out: {path} is a model that study --save or compress --out wrote, and says what network it is");
        List<WeightArray> arrays = [];
        foreach (string name in names)
        {
            NpyArray array = NpzFile.Read(path, name);
            arrays.Add(new WeightArray(name, array.Shape, array.ToDoubles()));
        }
        return arrays;
    }

    private static int[] SampleShape(StudyOptions architecture, GivenSamples data)
    {
        int[] given = [.. data.SampleShape];
        if (!StudyNetworks.IsConvolutional(architecture))
            return given;
        if (given is [> MostChannels, > MostChannels, >= 1 and <= MostChannels])
            throw new UsageException($"--data: samples of shape [{string.Join(", ", given)}] have their channels last, and --model {architecture.Model} takes them first; save x.transpose(0, 3, 1, 2)");
        return given.Length == 2 ? [1, .. given] : given;
    }

    private static int Classes(GivenSamples data)
    {
        if (data.ClassNames is { } names)
            return names.Count;
        if (data.Labels is not { } labels)
            return data.Targets!.Columns;
        long largest = labels.Max();
        return largest is >= 0 and < int.MaxValue ? (int)largest + 1 : throw new UsageException($"--data {data.LabelSubject}: labels go up to {largest.ToString(CultureInfo.InvariantCulture)}, expected classes numbered from 0; or say --classes");
    }
}
