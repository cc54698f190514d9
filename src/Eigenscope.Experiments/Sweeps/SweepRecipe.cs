using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Eigenscope.Experiments.Sweeps;

/// <summary>A sweep as a user writes it: one command, options with one value or several, seeds, a name.</summary>
public sealed record SweepRecipe
{
    /// <summary>The command that every run carries out: one of <see cref="Commands"/>.</summary>
    public required string Command { get; init; }

    /// <summary>What the sweep is called; its folder in the store has this name.</summary>
    public required string Name { get; init; }

    /// <summary>The options, in the order of the recipe.</summary>
    public required IReadOnlyList<SweepAxis> Axes { get; init; }

    /// <summary>The seeds; every combination of options is run with each.</summary>
    public required IReadOnlyList<ulong> Seeds { get; init; }

    /// <summary>Threads of every run: fixed, since results are the same to the bit only for the same number. Default 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>float32 or float64; null takes the command's own default.</summary>
    public string? Precision { get; init; }

    /// <summary>Whether arrays are kept with every run. Default true.</summary>
    public bool KeepsArrays { get; init; } = true;

    /// <summary>Whether trained models are kept with every run that has one. Default true.</summary>
    public bool KeepsModels { get; init; } = true;

    /// <summary>Least seconds between two checkpoints of a run, ≥ 0, which are made at the end of an epoch. Default 30.</summary>
    public double CheckpointSeconds { get; init; } = 30.0;

    /// <summary>The commands that a sweep can run.</summary>
    public static IReadOnlyList<string> Commands { get; } = ["study", "ufm", "deep-rfm"];

    /// <summary>Reads a recipe.</summary>
    /// <param name="path">A YAML file.</param>
    /// <returns>The recipe; what its options mean to the command is not checked yet.</returns>
    /// <exception cref="UsageException">The file cannot be read or something in it is not what is expected; the message lists everything, each with its line.</exception>
    public static SweepRecipe Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using StreamReader reader = File.OpenText(path);
            YamlStream yaml = [];
            yaml.Load(reader);
            YamlNode root = yaml.Documents.Count > 0 ? yaml.Documents[0].RootNode : new YamlMappingNode();
            return new RecipeReader(path).Read(root);
        }
        catch (YamlException fault)
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{path}, line {fault.Start.Line}: {(fault.InnerException ?? fault).Message.ReplaceLineEndings(" ")}"), fault);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"the recipe '{path}' cannot be read: {failure.Message.ReplaceLineEndings(" ").TrimEnd('.')}", failure);
        }
    }
}

/// <summary>One option of a sweep.</summary>
/// <param name="Option">Its name, without dashes: "weight-decay".</param>
/// <param name="Values">Its values as the command line takes them; of a switch "true" and "false". One or more, each once.</param>
public sealed record SweepAxis(string Option, IReadOnlyList<string> Values);
