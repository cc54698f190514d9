using System.Text;

namespace Eigenscope.Formats;

/// <summary>Names and other text from a file in a message of one line: a file may hold what it likes.</summary>
internal static class ErrorText
{
    private const int LongestName = 80;
    private const int LongestText = 400;

    /// <summary>The name in quotes, without control characters, and cut where it is long.</summary>
    public static string Quote(string name) => $"'{Clean(name, LongestName)}'";

    /// <summary>The first names in quotes, separated by commas.</summary>
    public static string QuoteSome(IReadOnlyCollection<string> names, int some = 8) =>
        string.Join(", ", names.Take(some).Select(Quote)) + (names.Count > some ? $" and {names.Count - some} more" : "");

    /// <summary>The text without line breaks and other control characters, and cut where it is long.</summary>
    public static string Clean(string text, int longest = LongestText)
    {
        StringBuilder clean = new();
        foreach (char character in text.AsSpan(0, Math.Min(text.Length, longest)))
            clean.Append(char.IsControl(character) ? '\ufffd' : character);
        return clean.Append(text.Length > longest ? "…" : "").ToString();
    }
}
