using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Eigenscope.Experiments.Store;

/// <summary>Which runs of a store are meant; what is null or empty lets all through.</summary>
public sealed record RunFilter
{
    private static readonly string[] Comparisons = [">=", "<=", "!=", "=", ">", "<"];
    private static readonly Dictionary<string, string> Numbers = new(StringComparer.Ordinal)
    {
        ["loss"] = "loss",
        ["accuracy"] = "accuracy",
        ["testAccuracy"] = "test_accuracy",
        ["seconds"] = "seconds",
        ["seed"] = "CAST(seed AS INTEGER)",
    };

    /// <summary>The command: "ufm".</summary>
    public string? Command { get; init; }

    /// <summary>The sweep that a run was first part of.</summary>
    public string? Name { get; init; }

    /// <summary>done or failed.</summary>
    public string? Status { get; init; }

    /// <summary>Conditions such as "width>=8", "loss=mse" (an option), "accuracy&lt;0.9" (a result); all must hold.</summary>
    public IReadOnlyList<string> Conditions { get; init; } = [];

    /// <summary>Checks the conditions.</summary>
    /// <exception cref="UsageException">One of them is not NAME, a comparison and a value.</exception>
    public void Validate()
    {
        if (Status is not (null or RunRecord.Done or RunRecord.Failed))
            throw new UsageException($"--status must be {RunRecord.Done} or {RunRecord.Failed}, got '{Status}'");
        foreach (string condition in Conditions)
            Split(condition);
    }

    /// <summary>The condition in SQL, with its values as parameters.</summary>
    internal string Where(SqliteCommand command)
    {
        List<string> all = [];
        AddEqual(all, command, "command", Command);
        AddEqual(all, command, "name", Name);
        AddEqual(all, command, "status", Status);
        foreach (string condition in Conditions)
            all.Add(Condition(command, condition));
        return all.Count == 0 ? "" : " WHERE " + string.Join(" AND ", all);
    }

    private static void AddEqual(List<string> all, SqliteCommand command, string column, string? value)
    {
        if (value is null)
            return;
        command.Parameters.AddWithValue("$" + column, value);
        all.Add($"{column} = ${column}");
    }

    private static string Condition(SqliteCommand command, string condition)
    {
        (string name, string comparison, string value) = Split(condition);
        string parameter = string.Create(CultureInfo.InvariantCulture, $"$value{command.Parameters.Count}");
        bool isNumber = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number);
        command.Parameters.AddWithValue(parameter, isNumber ? number : value);
        if (isNumber && Numbers.TryGetValue(name, out string? column))
            return $"{column} {comparison} {parameter}";
        string path = string.Create(CultureInfo.InvariantCulture, $"$path{command.Parameters.Count}");
        command.Parameters.AddWithValue(path, $"$.\"{name}\"");
        string option = $"json_extract(options, {path})";
        // Text is no number: SQLite would take it for 0.
        return isNumber ? $"({option} GLOB '*[0-9]*' AND {option} NOT GLOB '*[^0-9.eE+-]*' AND CAST({option} AS REAL) {comparison} {parameter})" : $"{option} {comparison} {parameter}";
    }

    private static (string Name, string Comparison, string Value) Split(string condition)
    {
        foreach (string comparison in Comparisons)
        {
            int at = condition.IndexOf(comparison, StringComparison.Ordinal);
            if (at > 0 && at + comparison.Length < condition.Length && IsName(condition[..at].Trim()))
                return (condition[..at].Trim().TrimStart('-'), comparison, condition[(at + comparison.Length)..].Trim());
        }
        throw new UsageException($"--where: expected an option or a result, a comparison and a value, such as width>=8 or accuracy<0.9, got '{condition}'");
    }

    private static bool IsName(string name) => name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-');
}
