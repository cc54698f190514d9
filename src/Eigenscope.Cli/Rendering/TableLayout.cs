using System.Text;
using Eigenscope.Experiments.Reports;

namespace Eigenscope.Cli.Rendering;

/// <summary>
/// Lines of a table: numbers to the right, text to the left. Where there is a width to keep to, long text in the last column is wrapped at words; if that is not enough, the columns go
/// into several blocks, each with the columns again that say what a row is about (the text before the first number). A number is never broken.
/// </summary>
internal static class TableLayout
{
    /// <summary>The narrowest terminal that tables are laid out for, in columns.</summary>
    public const int NarrowestTerminal = 80;

    private const int NarrowestText = 24;
    private const string Gap = "  ";

    /// <summary>The table as lines of any width, headers first.</summary>
    public static IReadOnlyList<string> Lines(SummaryTable table) => Block(table, [.. Enumerable.Range(0, table.Columns.Count)], Widths(table));

    /// <summary>The table as lines that fit a width, in one block or several.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Blocks(SummaryTable table, int width)
    {
        int[] widths = Widths(table);
        int last = table.Columns.Count - 1;
        if (last >= 0 && !table.Columns[last].IsNumeric)
            widths[last] = Math.Min(widths[last], Math.Max(NarrowestText, width - widths[..last].Sum() - (Gap.Length * last)));
        return [.. Groups(table, widths, width).Select(columns => Block(table, columns, widths))];
    }

    /// <summary>Text in lines no longer than a width, broken at spaces; a longer word has a line of its own.</summary>
    public static IReadOnlyList<string> Wrap(string text, int width)
    {
        List<string> lines = [];
        StringBuilder line = new();
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && Length(line.ToString()) + 1 + Length(word) > width)
            {
                lines.Add(line.ToString());
                line.Clear();
            }
            if (line.Length > 0)
                line.Append(' ');
            line.Append(word);
        }
        lines.Add(line.ToString());
        return lines;
    }

    private static List<List<int>> Groups(SummaryTable table, int[] widths, int width)
    {
        int keys = KeyColumns(table, widths, width);
        List<List<int>> groups = [];
        int used = int.MaxValue - width;
        for (int column = 0; column < widths.Length; column++)
        {
            if (used + Gap.Length + widths[column] > width)
            {
                groups.Add(groups.Count == 0 ? [] : [.. Enumerable.Range(0, keys)]);
                used = groups[^1].Sum(key => widths[key] + Gap.Length) - Gap.Length;
            }
            groups[^1].Add(column);
            used += Gap.Length + widths[column];
        }
        return groups;
    }

    // As many as leave room for something beside them; at least one.
    private static int KeyColumns(SummaryTable table, int[] widths, int width)
    {
        int keys = 0;
        int used = -Gap.Length;
        while (keys < widths.Length - 1 && !table.Columns[keys].IsNumeric && (keys == 0 || used + Gap.Length + widths[keys] <= width - NarrowestText))
            used += Gap.Length + widths[keys++];
        return Math.Max(1, keys);
    }

    private static List<string> Block(SummaryTable table, List<int> columns, int[] widths)
    {
        List<string> lines = [Line(table, columns, widths, column => table.Columns[column].Header)];
        foreach (IReadOnlyList<string> row in table.Rows)
        {
            string[][] cells = [.. columns.Select(column => table.Columns[column].IsNumeric ? [row[column]] : Wrap(row[column], widths[column]).ToArray())];
            int height = cells.Max(static cell => cell.Length);
            for (int part = 0; part < height; part++)
                lines.Add(Line(table, columns, widths, column => cells[columns.IndexOf(column)].ElementAtOrDefault(part) ?? ""));
        }
        return lines;
    }

    private static string Line(SummaryTable table, List<int> columns, int[] widths, Func<int, string> cell)
    {
        StringBuilder line = new();
        foreach (int column in columns)
        {
            string text = cell(column);
            string padding = new(' ', Math.Max(0, widths[column] - Length(text)));
            line.Append(line.Length > 0 ? Gap : "").Append(table.Columns[column].IsNumeric ? padding + text : text + padding);
        }
        return line.ToString().TrimEnd();
    }

    private static int[] Widths(SummaryTable table) =>
        [.. table.Columns.Select((column, index) => table.Rows.Select(row => Length(row[index])).Append(Length(column.Header)).Max())];

    private static int Length(string text) => text.EnumerateRunes().Count();
}
