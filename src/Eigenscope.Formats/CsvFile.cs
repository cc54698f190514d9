using System.Globalization;
using System.Text;

namespace Eigenscope.Formats;

/// <summary>
/// Comma-separated numbers with the label last, plain or gzipped. The first line is a header when one of its feature fields is text, or when its length differs
/// from the second line's; a header <c>N,d,name,name,…</c> (as scikit-learn writes it) announces the number of rows, the number of features and the class names,
/// and the announcement is checked. Fields may be quoted; lines may end in LF or CRLF; blank lines are allowed at the end only. Numbers are in invariant culture.
/// </summary>
public static class CsvFile
{
    /// <summary>Reads a table.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The table.</returns>
    /// <exception cref="DataFormatException">The file is missing, damaged or empty, a row is ragged, or a feature is empty, not a number or not finite;
    /// the message has the line (from 1) and the column (from 1).</exception>
    public static CsvTable Read(string path) => CompressedFile.Read(path, content => Read(content.Stream, path));

    /// <summary>Reads a table from a stream of plain text.</summary>
    /// <param name="stream">UTF-8 text; left open.</param>
    /// <param name="name">What errors call the stream.</param>
    /// <returns>The table.</returns>
    /// <exception cref="DataFormatException">As for <see cref="Read(string)"/>.</exception>
    public static CsvTable Read(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using StreamReader reader = new(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 1 << 16, leaveOpen: true);
        return new CsvParser(name).Parse(reader);
    }

    /// <summary>Splits a line at commas outside double quotes; removes the quotes and the blanks around a field.</summary>
    internal static string[] SplitLine(string line)
    {
        if (!line.Contains('"', StringComparison.Ordinal))
            return line.Split(',', StringSplitOptions.TrimEntries);
        List<string> fields = [];
        StringBuilder field = new();
        bool quoted = false;
        foreach (char character in line)
        {
            if (character == '"')
            {
                quoted = !quoted;
            }
            else if (character == ',' && !quoted)
            {
                fields.Add(field.ToString().Trim());
                field.Clear();
            }
            else
            {
                field.Append(character);
            }
        }
        fields.Add(field.ToString().Trim());
        return [.. fields];
    }

    internal static bool TryNumber(string field, out double value) =>
        double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
}
