using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Import;

/// <summary>
/// Puts weights that PyTorch saved into a network of ours, by names. Layouts are converted: convolutions from (out, in, height, width) to (out, height, width, in), the columns of a dense layer that reads a flattened image from
/// channels first to channels last; weight, bias, running_mean and running_var of a batch normalisation are its scale, shift, mean and variance, and num_batches_tracked is left out.
/// </summary>
public sealed class WeightMap
{
    private const string Ignored = "num_batches_tracked";

    private static readonly Dictionary<string, string> Roles = new(StringComparer.Ordinal) { ["scale"] = "weight", ["shift"] = "bias", ["mean"] = "running_mean", ["variance"] = "running_var" };
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly IReadOnlyDictionary<string, string?> _names;

    /// <summary>Creates a map.</summary>
    /// <param name="names">From a layer's or an array's name in the file to a layer's or a parameter's of the network; null leaves the array out. What is not in it has the same name in both.</param>
    public WeightMap(IReadOnlyDictionary<string, string?> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        _names = names;
    }

    /// <summary>The map under which every name stands for itself.</summary>
    public static WeightMap Identity { get; } = new(new Dictionary<string, string?>(StringComparer.Ordinal));

    /// <summary>Reads a map from a JSON object of names.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The map.</returns>
    /// <exception cref="DataException">It cannot be read, or is no such object; one line that names it.</exception>
    public static WeightMap Read(string path)
    {
        try
        {
            return new WeightMap(JsonSerializer.Deserialize<Dictionary<string, string?>>(File.ReadAllText(path)) ?? throw new JsonException("null"));
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new DataException(path, $"expected a JSON object from names in the file of weights to names of the network, such as {{\"fc1\": \"1\", \"fc2\": \"2\"}}, got {(failure is JsonException ? "something else" : failure.Message)}", failure);
        }
    }

    /// <summary>The network's state with the weights of a file.</summary>
    /// <param name="network">The network.</param>
    /// <param name="arrays">Every array of the file, in its order.</param>
    /// <param name="subject">What to name in a message: the file.</param>
    /// <returns>Parameters, then statistics.</returns>
    /// <exception cref="DataException">Arrays are missing, of other shapes, not finite, or not the network's: all that is wrong in one line, with how to write a map.</exception>
    public double[] Apply(Network network, IReadOnlyList<WeightArray> arrays, string subject)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(arrays);
        WeightPlace[] places = WeightPlace.Of(network);
        Dictionary<string, WeightPlace> byName = places.SelectMany(static place => place.Names.Select(name => (name, place))).ToDictionary(static pair => pair.name, static pair => pair.place, StringComparer.Ordinal);
        double[] state = new double[network.StateLength];
        Dictionary<WeightPlace, string> filled = [];
        List<string> problems = [], foreign = [];
        foreach (WeightArray array in arrays.Where(array => !IsLeftOut(array.Name)))
        {
            string name = Translate(array.Name);
            if (!byName.TryGetValue(name, out WeightPlace? place))
                foreign.Add(Text(array.Name, array.Shape));
            else if (!filled.TryAdd(place, array.Name))
                problems.Add($"{array.Name} and {filled[place]} both stand for {place.Block.Name}");
            else if (place.Problem(array) is { } problem)
                problems.Add(problem);
            else
                place.Copy(array.Values, state);
        }
        string[] missing = [.. places.Where(place => !filled.ContainsKey(place)).Select(static place => Text(place.PyTorchName, place.FileShape))];
        return problems.Count + foreign.Count + missing.Length == 0 ? state : throw new DataException(subject, Describe(problems, foreign, missing, Suggest(places, arrays)));
    }

    private bool IsLeftOut(string name) => name == Ignored || name.EndsWith($".{Ignored}", StringComparison.Ordinal) || (_names.TryGetValue(name, out string? target) && target is null);

    // By the whole name, else by that of the layer that it belongs to.
    private string Translate(string name)
    {
        if (_names.TryGetValue(name, out string? whole))
            return whole!;
        int dot = name.LastIndexOf('.');
        return dot > 0 && _names.TryGetValue(name[..dot], out string? layer) && layer is not null ? $"{layer}{name[dot..]}" : name;
    }

    private static string Describe(List<string> problems, List<string> foreign, string[] missing, string? suggestion)
    {
        List<string> parts = [];
        if (missing.Length > 0)
            parts.Add($"{Count(missing.Length, "parameter")} of the network {(missing.Length == 1 ? "is" : "are")} not in it: {string.Join(", ", missing)}");
        if (foreign.Count > 0)
            parts.Add($"{Count(foreign.Count, "array")} of the file {(foreign.Count == 1 ? "is" : "are")} not the network's: {string.Join(", ", foreign)}");
        parts.AddRange(problems);
        if (missing.Length > 0 || foreign.Count > 0)
            parts.Add($"--names MAP.json says which is which, a layer or a parameter of the file for one of the network, or null for what is left out{(suggestion is null ? ": {\"fc1\": \"1\"}" : $"; in their order they would fit: {suggestion}")}");
        return string.Join("; ", parts);
    }

    // Layers in the order of the file beside the network's, where every shape fits.
    private string? Suggest(WeightPlace[] places, IReadOnlyList<WeightArray> arrays)
    {
        WeightArray[] used = [.. arrays.Where(array => !IsLeftOut(array.Name))];
        string[] theirs = [.. used.Select(static array => Layer(array.Name)).Distinct(StringComparer.Ordinal)], ours = [.. places.Select(static place => Layer(place.Block.Name)).Distinct(StringComparer.Ordinal)];
        if (used.Length != places.Length || theirs.Length != ours.Length)
            return null;
        Dictionary<string, string?> names = theirs.Zip(ours).ToDictionary(static pair => pair.First, static pair => (string?)pair.Second, StringComparer.Ordinal);
        Dictionary<string, WeightPlace> byName = places.ToDictionary(static place => place.PyTorchName, StringComparer.Ordinal);
        WeightMap map = new(names);
        return used.All(array => byName.TryGetValue(map.Translate(array.Name), out WeightPlace? place) && place.Problem(array) is null) ? JsonSerializer.Serialize(names, Plain) : null;
    }

    private static string Layer(string name) => name.LastIndexOf('.') is > 0 and var dot ? name[..dot] : name;

    private static string Count(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");

    private static string Text(string name, IReadOnlyList<int> shape) => $"{name} [{string.Join(", ", shape)}]";

    /// <summary>The name that PyTorch has for the role of one of our blocks.</summary>
    internal static string PyTorchName(string block)
    {
        int dot = block.LastIndexOf('.');
        return dot >= 0 && Roles.TryGetValue(block[(dot + 1)..], out string? role) ? $"{block[..dot]}.{role}" : block;
    }
}
