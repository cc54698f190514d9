using System.Text.Json;

namespace Eigenscope.Testing.Json;

/// <summary>The promises of a result file that a schema cannot state.</summary>
public static class ResultDocument
{
    private const string ReasonSuffix = "Reason";
    private static readonly HashSet<string> DescendingLists = ["eigenvalues", "singularValues", "secondMoment", "covariance"];
    private static readonly HashSet<string> AscendingLists = ["smallest"];

    // Null says "not given" or "there is none" here, not "undefined".
    private static readonly HashSet<string> PlainNulls = ["test", "linear", "log"];

    /// <summary>
    /// Checks that a null has its reason beside it and a reason its null, that lists of eigenvalues and singular values descend, and that every eigenvalue has its residual.
    /// The echo of the options (<c>config</c>) is left out: an option that was not given is null there.
    /// </summary>
    /// <param name="document">The document's root.</param>
    /// <returns>Every violation as "path: what is wrong"; empty when there is none.</returns>
    public static IReadOnlyList<string> Problems(JsonElement document)
    {
        List<string> problems = [];
        Walk(document, "$", problems);
        return problems;
    }

    private static void Walk(JsonElement value, string path, List<string> problems)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            int index = 0;
            foreach (JsonElement item in value.EnumerateArray())
                Walk(item, $"{path}[{index++}]", problems);
        }
        if (value.ValueKind != JsonValueKind.Object)
            return;
        CheckResiduals(value, path, "eigenvalues", "residuals", problems);
        CheckResiduals(value, path, "smallest", "smallestResiduals", problems);
        foreach (JsonProperty property in value.EnumerateObject())
        {
            if (string.Equals(path, "$", StringComparison.Ordinal) && string.Equals(property.Name, "config", StringComparison.Ordinal))
                continue;
            CheckProperty(value, property, path, problems);
            Walk(property.Value, $"{path}.{property.Name}", problems);
        }
    }

    private static void CheckProperty(JsonElement owner, JsonProperty property, string path, List<string> problems)
    {
        string name = property.Name;
        if (property.Value.ValueKind == JsonValueKind.Null && !PlainNulls.Contains(name) && !owner.TryGetProperty(name + ReasonSuffix, out _))
            problems.Add($"{path}.{name}: null without \"{name}{ReasonSuffix}\"");
        if (name.EndsWith(ReasonSuffix, StringComparison.Ordinal)
            && (!owner.TryGetProperty(name[..^ReasonSuffix.Length], out JsonElement explained) || (explained.ValueKind != JsonValueKind.Null && !HasNull(explained))))
        {
            problems.Add($"{path}.{name}: a reason for something that is not null");
        }
        if (property.Value.ValueKind != JsonValueKind.Array)
            return;
        if (HasNull(property.Value) && !owner.TryGetProperty(name + ReasonSuffix, out _))
            problems.Add($"{path}.{name}: an entry is null without \"{name}{ReasonSuffix}\"");
        if (DescendingLists.Contains(name) && !IsMonotone(property.Value, -1))
            problems.Add($"{path}.{name}: not in descending order");
        if (AscendingLists.Contains(name) && !IsMonotone(property.Value, 1))
            problems.Add($"{path}.{name}: not in ascending order");
    }

    private static bool HasNull(JsonElement value) => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.Null);

    private static bool IsMonotone(JsonElement list, int direction)
    {
        double[] values = [.. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Number).Select(item => item.GetDouble())];
        return values.Zip(values.Skip(1)).All(pair => (pair.Second - pair.First) * direction >= 0);
    }

    private static void CheckResiduals(JsonElement owner, string path, string values, string residuals, List<string> problems)
    {
        if (!owner.TryGetProperty(values, out JsonElement list) || !owner.TryGetProperty(residuals, out JsonElement beside))
            return;
        if (list.ValueKind == JsonValueKind.Array && beside.ValueKind == JsonValueKind.Array && list.GetArrayLength() != beside.GetArrayLength())
            problems.Add($"{path}: {list.GetArrayLength()} {values}, {beside.GetArrayLength()} {residuals}");
    }
}
