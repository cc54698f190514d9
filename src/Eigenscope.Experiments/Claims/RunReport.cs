using System.Globalization;
using System.Text.Json;

namespace Eigenscope.Experiments.Claims;

/// <summary>The JSON that a run wrote, by paths: <c>theory.gain</c>, <c>layers[0].weight.singularValues</c>, <c>layers[-1].name</c>, from its <c>result</c> on.</summary>
public sealed class RunReport
{
    private readonly JsonElement _result;

    /// <summary>Looks at a report.</summary>
    /// <param name="report">The whole of it; must stay readable.</param>
    public RunReport(JsonElement report)
    {
        _result = report.GetProperty("result");
    }

    /// <summary>A number; null where it is undefined or not there.</summary>
    /// <param name="path">Its path.</param>
    public double? Number(string path) => Find(path) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;

    /// <summary>A list of numbers; empty where there is none.</summary>
    /// <param name="path">Its path.</param>
    public IReadOnlyList<double?> Numbers(string path) => [.. Elements(path).Select(static value => value.ValueKind == JsonValueKind.Number ? value.GetDouble() : (double?)null)];

    /// <summary>A text; null where there is none.</summary>
    /// <param name="path">Its path.</param>
    public string? Text(string path) => Find(path) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>Whether a switch is true.</summary>
    /// <param name="path">Its path.</param>
    public bool Flag(string path) => Find(path) is { ValueKind: JsonValueKind.True };

    /// <summary>Length of a list; 0 where there is none.</summary>
    /// <param name="path">Its path.</param>
    public int Count(string path) => Find(path) is { ValueKind: JsonValueKind.Array } list ? list.GetArrayLength() : 0;

    /// <summary>The path of the spectrum of an operator on a scope: <c>spectra[3]</c>; null where it was not measured.</summary>
    /// <param name="operatorName">As in the report: "hessian".</param>
    /// <param name="scope">As in the report: "all", or a parameter's name.</param>
    /// <param name="withDecay">Whether of the objective, and not of the data loss.</param>
    public string? Spectrum(string operatorName, string scope, bool withDecay = false)
    {
        for (int i = 0; i < Count("spectra"); i++)
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"spectra[{i}]");
            bool isNamed = string.Equals(Text($"{path}.operator"), operatorName, StringComparison.Ordinal) && string.Equals(Text($"{path}.scope"), scope, StringComparison.Ordinal);
            if (isNamed && Flag($"{path}.includesWeightDecay") == withDecay)
                return path;
        }
        return null;
    }

    /// <summary>The largest eigenvalues of an operator on a scope, descending; empty where it was not measured.</summary>
    /// <param name="operatorName">As in the report: "hessian".</param>
    /// <param name="scope">As in the report: "all", or a parameter's name.</param>
    public IReadOnlyList<double?> Eigenvalues(string operatorName, string scope) => Spectrum(operatorName, scope) is { } path ? Numbers($"{path}.eigenvalues") : [];

    /// <summary>A number of every item of a list, with the item's name: of layers, with <c>name</c>.</summary>
    /// <param name="list">Path of the list: "layers".</param>
    /// <param name="path">Path from an item on: "weight.singularValues[0]".</param>
    public IReadOnlyList<(string Place, double? Value)> Each(string list, string path) =>
        [.. Enumerable.Range(0, Count(list)).Select(i => (Text(At(list, i, "name")) ?? (i + 1).ToString(CultureInfo.InvariantCulture), Number(At(list, i, path))))];

    private static string At(string list, int i, string path) => string.Create(CultureInfo.InvariantCulture, $"{list}[{i}].{path}");

    private IEnumerable<JsonElement> Elements(string path) => Find(path) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    private JsonElement? Find(string path)
    {
        JsonElement? at = _result;
        foreach (string step in path.Split('.'))
        {
            string[] parts = step.Split('[', ']');
            at = at is { ValueKind: JsonValueKind.Object } whole && whole.TryGetProperty(parts[0], out JsonElement value) ? value : null;
            for (int i = 1; i < parts.Length; i += 2)
                at = Item(at, int.Parse(parts[i], CultureInfo.InvariantCulture));
        }
        return at;
    }

    // A negative index counts from the end.
    private static JsonElement? Item(JsonElement? of, int index)
    {
        if (of is not { ValueKind: JsonValueKind.Array } list)
            return null;
        int place = index < 0 ? list.GetArrayLength() + index : index;
        return place >= 0 && place < list.GetArrayLength() ? list[place] : null;
    }
}
