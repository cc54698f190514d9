using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Eigenscope.Experiments.Sweeps;

/// <summary>Reads the parts of a recipe, noting everything that is wrong.</summary>
internal sealed class RecipeReader(string path)
{
    private const int MostSeeds = 100_000;
    private const double MostSeconds = 1e6;
    private static readonly string[] Keys = ["command", "options", "seeds", "name", "threads", "precision", "arrays", "models", "checkpoint-seconds"];
    private readonly List<string> _faults = [];

    public SweepRecipe Read(YamlNode root)
    {
        if (root is not YamlMappingNode map)
            throw new UsageException($"{path}: expected a recipe with command, options, seeds and name");
        Dictionary<string, YamlNode> parts = Named(map);
        foreach ((string key, YamlNode node) in parts.Where(static part => !Keys.Contains(part.Key, StringComparer.Ordinal)))
            Fault(node, $"'{key}' is not part of a recipe; expected {string.Join(", ", Keys)}");
        SweepRecipe recipe = new()
        {
            Command = Command(parts, map),
            Name = Name(parts),
            Axes = Axes(parts),
            Seeds = Seeds(parts),
            Threads = Threads(parts),
            Precision = Precision(parts),
            KeepsArrays = Flag(parts, "arrays"),
            KeepsModels = Flag(parts, "models"),
            CheckpointSeconds = CheckpointSeconds(parts),
        };
        return _faults.Count == 0 ? recipe : throw new UsageException(string.Join("; ", _faults));
    }

    private Dictionary<string, YamlNode> Named(YamlMappingNode map)
    {
        Dictionary<string, YamlNode> parts = new(StringComparer.Ordinal);
        foreach ((YamlNode key, YamlNode value) in map.Children)
        {
            if (key is YamlScalarNode { Value: { Length: > 0 } name })
                parts[name] = value;
            else
                Fault(key, "expected a name");
        }
        return parts;
    }

    private string Command(Dictionary<string, YamlNode> parts, YamlNode root)
    {
        string expected = $"expected command: {string.Join(" or ", SweepRecipe.Commands)}";
        if (!parts.TryGetValue("command", out YamlNode? node))
            return Fault(root, expected);
        return node is YamlScalarNode { Value: { } name } && SweepRecipe.Commands.Contains(name, StringComparer.Ordinal) ? name : Fault(node, $"{expected}, got {Show(node)}");
    }

    private string Name(Dictionary<string, YamlNode> parts)
    {
        if (!parts.TryGetValue("name", out YamlNode? node))
            return Path.GetFileNameWithoutExtension(path) is { } file && IsName(file) ? file : "sweep";
        return node is YamlScalarNode { Value: { } name } && IsName(name) ? name : Fault(node, $"name: expected letters, digits, '.', '_' and '-', at most 100 and the first no '.' or '-', got {Show(node)}");
    }

    // It becomes a folder, and part of a job's name.
    private static bool IsName(string name) => name.Length is > 0 and <= 100 && char.IsAsciiLetterOrDigit(name[0]) && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-');

    private List<SweepAxis> Axes(Dictionary<string, YamlNode> parts)
    {
        if (!parts.TryGetValue("options", out YamlNode? node) || node is YamlScalarNode { Value: null or "" })
            return [];
        if (node is not YamlMappingNode map)
        {
            Fault(node, $"options: expected names with values, got {Show(node)}");
            return [];
        }
        return [.. Named(map).Select(option => Axis(option.Key, option.Value)).Where(static axis => axis.Values.Count > 0)];
    }

    private SweepAxis Axis(string option, YamlNode node)
    {
        string name = option.TrimStart('-');
        AxisValues values = new(name, fault => Fault(node, fault));
        IReadOnlyList<string> read = values.Read(node);
        string[] distinct = [.. read.Distinct(StringComparer.Ordinal)];
        if (distinct.Length < read.Count)
            Fault(node, $"{name}: expected every value once, got {string.Join(", ", read)}");
        return new SweepAxis(name, distinct);
    }

    private List<ulong> Seeds(Dictionary<string, YamlNode> parts)
    {
        if (!parts.TryGetValue("seeds", out YamlNode? node))
            return [0];
        const string Expected = "seeds: expected a number of seeds from 1 on, or a list of different seeds";
        if (node is YamlScalarNode scalar && int.TryParse(scalar.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= MostSeeds)
            return [.. Enumerable.Range(0, count).Select(static seed => (ulong)seed)];
        if (node is YamlSequenceNode { Children.Count: > 0 } list)
        {
            ulong?[] seeds = [.. list.Children.Select(static child => child is YamlScalarNode item && ulong.TryParse(item.Value, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) ? (ulong?)seed : null)];
            if (seeds.All(static seed => seed is not null) && seeds.Distinct().Count() == seeds.Length)
                return [.. seeds.Select(static seed => seed!.Value)];
        }
        Fault(node, $"{Expected}, got {Show(node)}");
        return [0];
    }

    private int Threads(Dictionary<string, YamlNode> parts)
    {
        if (!parts.TryGetValue("threads", out YamlNode? node))
            return 1;
        if (node is YamlScalarNode scalar && int.TryParse(scalar.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int threads) && threads is >= 1 and <= Runs.RunSettingsCheck.MaxThreads)
            return threads;
        Fault(node, $"threads: expected a whole number from 1 to {Runs.RunSettingsCheck.MaxThreads}, got {Show(node)}");
        return 1;
    }

    private double CheckpointSeconds(Dictionary<string, YamlNode> parts)
    {
        double standard = new SweepRecipe { Command = "", Name = "", Axes = [], Seeds = [] }.CheckpointSeconds;
        if (!parts.TryGetValue("checkpoint-seconds", out YamlNode? node))
            return standard;
        if (node is YamlScalarNode scalar && double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds is >= 0.0 and <= MostSeconds)
            return seconds;
        Fault(node, string.Create(CultureInfo.InvariantCulture, $"checkpoint-seconds: expected a number from 0 to {MostSeconds:N0}, got {Show(node)}"));
        return standard;
    }

    private string? Precision(Dictionary<string, YamlNode> parts)
    {
        if (!parts.TryGetValue("precision", out YamlNode? node))
            return null;
        return node is YamlScalarNode { Value: "float32" or "float64" } scalar ? scalar.Value : Fault(node, $"precision: expected float32 or float64, got {Show(node)}");
    }

    private bool Flag(Dictionary<string, YamlNode> parts, string name)
    {
        if (!parts.TryGetValue(name, out YamlNode? node))
            return true;
        if (node is not YamlScalarNode { Value: "true" or "false" })
            Fault(node, $"{name}: expected true or false, got {Show(node)}");
        return node is YamlScalarNode { Value: "true" };
    }

    private static string Show(YamlNode node) => node is YamlScalarNode scalar ? $"'{scalar.Value}'" : node is YamlSequenceNode ? "a list" : "names with values";

    private string Fault(YamlNode node, string fault)
    {
        _faults.Add(string.Create(CultureInfo.InvariantCulture, $"{path}, line {node.Start.Line}: {fault}"));
        return "";
    }
}
