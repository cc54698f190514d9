namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>What eigenvectors live on, by the names of JSON and of figures.</summary>
internal static class SpectrumCategories
{
    /// <summary>Of values that nobody looked at.</summary>
    public const string Unknown = "unknown";

    /// <summary>Names in JSON with those of legends, in the order in which collapse puts them.</summary>
    public static IReadOnlyList<(string Key, string Name)> Drawn { get; } =
    [
        ("class", "class"), ("cross-class", "cross-class"), ("within-class", "within-class"), ("mixed", "mixed"), ("network-curvature", "network curvature"),
    ];
}
