using System.Text.Json;
using System.Text.Json.Serialization;
using Eigenscope.Experiments.Recipes;

namespace Eigenscope.Experiments.Runs;

/// <summary>What stands beside the parameters of a saved network, so that nothing else is needed to build it again, to scale its inputs, to find the samples it never saw, and to train on. JSON in the checkpoint's note.</summary>
internal sealed record ModelNote
{
    /// <summary>What every such note begins with.</summary>
    public const string FormatName = "eigenscope-model";

    /// <summary>The version that this program writes; it reads no later one.</summary>
    public const int CurrentVersion = 1;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.Strict,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public required string Format { get; init; }

    public required int Version { get; init; }

    /// <summary>The options of the study: the network's model and sizes, loss, targets and training, and which samples were drawn and held out.</summary>
    public required StudyOptions Options { get; init; }

    /// <summary>Seed that the samples were drawn and held out by.</summary>
    public required ulong Seed { get; init; }

    public required string Precision { get; init; }

    public required IReadOnlyList<int> SampleShape { get; init; }

    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>Shift and scale of each coordinate of an input; null, both, where inputs are taken as they are.</summary>
    public required double[]? Means { get; init; }

    public required double[]? Scales { get; init; }

    /// <summary>The learning rate that it was trained with in the end; null for an optimiser without one.</summary>
    public required double? LearningRate { get; init; }

    /// <summary>Samples of a mini-batch as used, 0 for all.</summary>
    public required int BatchSize { get; init; }

    /// <summary>SHA-256 of the training samples, scaled, and their labels.</summary>
    public required string TrainingDigest { get; init; }

    /// <summary>Ranks of the layers that are products of two, by name; empty in a network as it was trained.</summary>
    public required IReadOnlyDictionary<string, int> Ranks { get; init; }

    public string Text() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads a note.</summary>
    /// <returns>The note; null for text that is none.</returns>
    /// <exception cref="JsonException">It is such a note of this version, but something is missing or unknown in it.</exception>
    /// <exception cref="NotSupportedException">It was written by a later version.</exception>
    public static ModelNote? Parse(string text)
    {
        if (VersionOf(text) is not { } version)
            return null;
        if (version > CurrentVersion)
            throw new NotSupportedException($"version {version} of a saved model; this program reads version {CurrentVersion}");
        return JsonSerializer.Deserialize<ModelNote>(text, Json);
    }

    private static int? VersionOf(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            bool isNote = document.RootElement.ValueKind is JsonValueKind.Object
                && document.RootElement.TryGetProperty("format", out JsonElement format) && format.ValueKind is JsonValueKind.String && format.ValueEquals(FormatName);
            return isNote && document.RootElement.TryGetProperty("version", out JsonElement version) && version.TryGetInt32(out int number) ? number : null;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
