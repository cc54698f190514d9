using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Eigenscope.Formats;

namespace Eigenscope.Experiments.Sweeps;

/// <summary>Makes the command lines of a plan's runs, and from each the identity that its results have in a store: the same options, seed, threads and data are the same run, whoever asks for it.</summary>
/// <param name="folder">Folder that paths in the options are relative to.</param>
internal sealed class RunLines(string folder)
{
    private const int IdBytes = 8;
    private readonly Dictionary<string, string> _contents = new(StringComparer.Ordinal);

    /// <summary>Threads of every run. Default 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>float32 or float64, of runs whose options do not say it; null takes the command's own default.</summary>
    public string? Precision { get; init; }

    /// <summary>A run of a command with options; of a switch, "true" or "false".</summary>
    public SweepRun Create(string command, IEnumerable<(string Option, string Value)> options, ulong seed)
    {
        SortedDictionary<string, string> named = new(StringComparer.Ordinal);
        foreach ((string option, string value) in options)
            named[option] = value;
        List<string> arguments = [command];
        foreach ((string option, string value) in named)
            arguments.AddRange(value switch { "true" => [$"--{option}"], "false" => [], _ => (string[])[$"--{option}", value] });
        arguments.AddRange(["--seed", seed.ToString(CultureInfo.InvariantCulture), "--threads", Threads.ToString(CultureInfo.InvariantCulture)]);
        if (Precision is { } precision && !named.ContainsKey("precision"))
            arguments.AddRange(["--precision", precision]);
        return new SweepRun { Id = Identity(arguments, named), Options = named, Seed = seed, Arguments = arguments };
    }

    /// <summary>What is wrong with a run's command line; null for nothing.</summary>
    public static string? Fault(SweepRun run, RunPreparation prepare)
    {
        try
        {
            prepare(run.Arguments).Validate();
            return null;
        }
        catch (UsageException fault)
        {
            return fault.Message;
        }
    }

    // The user's own data counts by what it holds, wherever it lies.
    private string Identity(List<string> arguments, SortedDictionary<string, string> options)
    {
        string? data = options.GetValueOrDefault("data");
        if (data is not null && !_contents.ContainsKey(data))
            _contents[data] = Content(Path.Combine(folder, data)) ?? data;
        StringBuilder text = new();
        for (int i = 0; i < arguments.Count; i++)
            text.Append(data is not null && i > 0 && arguments[i - 1] is "--data" ? _contents[data] : arguments[i]).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, IdBytes));
    }

    private static string? Content(string path)
    {
        if (File.Exists(path))
            return FileDigest.Sha256(path);
        if (!Directory.Exists(path))
            return null;
        return string.Join(' ', Directory.GetFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => $"{Path.GetRelativePath(path, file)} {FileDigest.Sha256(file)}"));
    }
}
