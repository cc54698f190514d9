using System.Security.Cryptography;
using System.Text.Json;
using Eigenscope.Experiments.Store;

namespace Eigenscope.Experiments.Sweeps;

/// <summary>
/// The folder of a sweep in the store: its recipe, its plans (a changed recipe makes another, and jobs that were submitted with the old one still mean what they said), and which of them is the present one.
/// </summary>
internal sealed class SweepFolder(RunStore store, string name)
{
    private const string CurrentName = "current";
    private const string RecipeName = "recipe.yaml";

    public string Path { get; } = System.IO.Path.Combine(store.Sweeps, name);

    /// <summary>The names of all sweeps of a store.</summary>
    public static IReadOnlyList<string> Names(RunStore store) => Directory.Exists(store.Sweeps)
        ? [.. Directory.EnumerateDirectories(store.Sweeps).Select(static path => System.IO.Path.GetFileName(path)!).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Keeps a plan and makes it the present one.</summary>
    /// <returns>The plan's file.</returns>
    public string Save(SweepPlan plan, byte[] recipe)
    {
        byte[] content = JsonSerializer.SerializeToUtf8Bytes(plan, StoreJson.Options);
        string file = $"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 6))}.plan.json";
        string path = System.IO.Path.Combine(Path, file);
        store.Files.CreateFolder(Path);
        Keep(path, content);
        Keep(System.IO.Path.Combine(Path, RecipeName), recipe);
        Keep(System.IO.Path.Combine(Path, CurrentName), JsonSerializer.SerializeToUtf8Bytes(file));
        return path;
    }

    // What is there already is not written again: a sweep that is whole can be looked at where nothing can be written.
    private void Keep(string path, byte[] content)
    {
        if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(content))
            store.Files.Write(path, stream => stream.Write(content));
    }

    /// <summary>The present plan; null when the sweep is not known.</summary>
    /// <exception cref="UsageException">Its file is damaged.</exception>
    public SweepPlan? Current()
    {
        string current = System.IO.Path.Combine(Path, CurrentName);
        return File.Exists(current) ? Load(System.IO.Path.Combine(Path, JsonSerializer.Deserialize<string>(File.ReadAllBytes(current)) ?? "")) : null;
    }

    /// <summary>Reads a plan.</summary>
    /// <exception cref="UsageException">The file is not a plan.</exception>
    public static SweepPlan Load(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<SweepPlan>(File.ReadAllBytes(path), StoreJson.Options) ?? throw new JsonException("it is empty");
        }
        catch (Exception failure) when (failure is IOException or JsonException or UnauthorizedAccessException)
        {
            throw new UsageException($"the plan '{path}' cannot be read: {RunStore.OneLine(failure)}; run the sweep again from its recipe", failure);
        }
    }
}
