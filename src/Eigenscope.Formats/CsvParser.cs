using System.Globalization;

namespace Eigenscope.Formats;

/// <summary>One pass over the lines of a table.</summary>
internal sealed class CsvParser(string name)
{
    private readonly List<double> _features = [];
    private readonly List<string> _labels = [];
    private readonly Dictionary<string, string> _distinctLabels = new(StringComparer.Ordinal);
    private int _fields;
    private int _firstRow;
    private int _blankLine;

    public CsvTable Parse(TextReader reader)
    {
        string? first = reader.ReadLine();
        if (string.IsNullOrWhiteSpace(first))
            throw new DataFormatException(name, "rows of numbers with the label last", first is null ? "an empty file" : "a blank first line");
        string? second = reader.ReadLine();
        string[] header = CsvFile.SplitLine(first);
        bool hasHeader = IsHeader(header, string.IsNullOrWhiteSpace(second) ? null : CsvFile.SplitLine(second));
        if (!hasHeader)
            AddRow(1, first);
        int line = 2;
        for (string? text = second; text is not null; text = reader.ReadLine())
            AddLine(line++, text);
        return Table(hasHeader ? header : null);
    }

    /// <summary>An empty or non-finite field is a defect of a row, not the sign of a header: a missing value on line 1 must not make the row disappear.</summary>
    private static bool IsHeader(string[] first, string[]? second)
    {
        if (second is not null && first.Length != second.Length)
            return true;
        for (int i = 0; i < first.Length - 1; i++)
        {
            if (first[i].Length > 0 && !CsvFile.TryNumber(first[i], out _))
                return true;
        }
        return false;
    }

    private void AddLine(int line, string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            if (_blankLine == 0)
                _blankLine = line;
            return;
        }
        if (_blankLine != 0)
            throw Error(_blankLine, "blank lines at the end only", $"a blank line before line {line}");
        AddRow(line, text);
    }

    private void AddRow(int line, string text)
    {
        string[] fields = CsvFile.SplitLine(text);
        if (_labels.Count == 0)
            (_fields, _firstRow) = (RequireTwo(fields, line), line);
        if (fields.Length != _fields)
            throw Error(line, $"{_fields} fields as in line {_firstRow}", fields.Length.ToString(CultureInfo.InvariantCulture));
        for (int i = 0; i < _fields - 1; i++)
            _features.Add(Feature(fields[i], line, i + 1));
        string label = fields[^1];
        if (label.Length == 0)
            throw Error(line, $"a label in column {_fields}", "an empty field");
        if (!_distinctLabels.TryAdd(label, label))
            label = _distinctLabels[label];
        _labels.Add(label);
    }

    private int RequireTwo(string[] fields, int line) =>
        fields.Length >= 2 ? fields.Length : throw Error(line, "at least one number and a label, separated by commas", "one field");

    private double Feature(string field, int line, int column)
    {
        if (CsvFile.TryNumber(field, out double value) && double.IsFinite(value))
            return value;
        throw Error(line, $"a finite number in column {column}", field.Length == 0 ? "an empty field" : $"'{field}'");
    }

    private DataFormatException Error(int line, string expected, string actual) => new($"{name}, line {line}", expected, actual);

    private CsvTable Table(string[]? header)
    {
        if (_labels.Count == 0)
            throw new DataFormatException(name, "rows of numbers with the label last", "a header and no rows");
        int columns = _fields - 1;
        bool announces = header?.Length >= 3 && Integer(header[0]) is not null && Integer(header[1]) == columns;
        if (announces && Integer(header![0]) != _labels.Count)
            throw new DataFormatException(name, $"{header[0]} rows as its first line announces", $"{_labels.Count}");
        string[]? columnNames = !announces && header?.Length == _fields ? header : null;
        return new CsvTable(_labels.Count, columns, [.. _features], [.. _labels], columnNames, announces ? header![2..] : null);
    }

    private static int? Integer(string field) =>
        int.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;
}
