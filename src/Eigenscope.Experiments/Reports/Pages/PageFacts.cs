using System.Collections;
using System.Globalization;

namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>What was run, as label and value: a command's configuration in groups, and the machine.</summary>
internal static class PageFacts
{
    /// <summary>Groups the options of a run.</summary>
    /// <param name="config">Every option by its camel-case name.</param>
    /// <param name="groups">Titles with the names that belong under them; what no group names goes under "Other options".</param>
    /// <param name="environment">Where it ran.</param>
    /// <param name="version">Version of the program.</param>
    public static IReadOnlyList<PageFactGroup> Build(IReadOnlyDictionary<string, object?> config, IReadOnlyList<(string Title, string[] Names)> groups, RunEnvironment environment, string version)
    {
        HashSet<string> named = new(groups.SelectMany(static group => group.Names).Append("precision").Append("threads"), StringComparer.Ordinal);
        IEnumerable<PageFactGroup> own = groups.Select(group => new PageFactGroup(group.Title, [.. group.Names.Where(config.ContainsKey).Select(name => Fact(name, config[name])).Where(static fact => fact.Value.Length > 0)]));
        PageFactGroup other = new("Other options", [.. config.Where(entry => !named.Contains(entry.Key)).Select(static entry => Fact(entry.Key, entry.Value)).Where(static fact => fact.Value.Length > 0)]);
        return [.. own.Append(other).Where(static group => group.Facts.Count > 0), Machine(environment, version)];
    }

    private static PageFactGroup Machine(RunEnvironment environment, string version) => new(
        "Machine",
        [
            new PageFact("processor", environment.Machine),
            new PageFact("kernels", environment.Blas),
            new PageFact("threads", Format.Text(environment.Threads)),
            new PageFact("precision", environment.Precision),
            new PageFact("framework", environment.Framework),
            new PageFact("Eigenscope", Short(version)),
        ]);

    // "0.1.0+dbc55127" says enough of "0.1.0+" and a commit in full.
    public static string Short(string version)
    {
        const int CommitDigits = 8;
        int plus = version.IndexOf('+', StringComparison.Ordinal);
        return plus >= 0 && version.Length > plus + CommitDigits + 1 ? version[..(plus + CommitDigits + 1)] : version;
    }

    private static PageFact Fact(string name, object? value) => new(Label(name), Text(value));

    // weightDecay becomes "weight decay".
    private static string Label(string name) => string.Concat(name.Select(static character => char.IsUpper(character) ? $" {char.ToLowerInvariant(character)}" : character.ToString()));

    private static string Text(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "yes" : "no",
        double number => number.ToString(number != 0.0 && Math.Abs(number) < 1e-3 ? "0.#####e-0" : "G6", CultureInfo.InvariantCulture),
        string text => text,
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable list => string.Join(", ", list.Cast<object?>().Select(Text)),
        _ => value.ToString() ?? "",
    };
}
