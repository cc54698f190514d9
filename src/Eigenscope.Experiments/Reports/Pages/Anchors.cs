namespace Eigenscope.Experiments.Reports.Pages;

/// <summary>Names for links.</summary>
internal static class Anchors
{
    /// <summary>Lower-case letters, digits and dashes; the same text gives the same name.</summary>
    public static string Of(string text)
    {
        string name = string.Concat(text.ToLowerInvariant().Select(static character => char.IsAsciiLetterOrDigit(character) ? character : '-')).Trim('-');
        return name.Length == 0 ? "x" : name;
    }
}
