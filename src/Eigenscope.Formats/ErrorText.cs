using System.Text;

namespace Eigenscope.Formats;

/// <summary>Names from a file in a message of one line.</summary>
internal static class ErrorText
{
    private const int Longest = 80;

    /// <summary>The name in quotes, without line breaks and other control characters, and cut where it is long: a file may name things as it likes.</summary>
    public static string Quote(string name)
    {
        StringBuilder text = new("'");
        foreach (char character in name.AsSpan(0, Math.Min(name.Length, Longest)))
            text.Append(char.IsControl(character) || char.IsSurrogate(character) ? '\ufffd' : character);
        return text.Append(name.Length > Longest ? "…'" : "'").ToString();
    }

    /// <summary>The first names in quotes, separated by commas.</summary>
    public static string QuoteSome(IReadOnlyCollection<string> names, int some = 8) =>
        string.Join(", ", names.Take(some).Select(Quote)) + (names.Count > some ? $" and {names.Count - some} more" : "");
}
