namespace Eigenscope.Formats;

/// <summary>A table of numbers with a label at the end of each row.</summary>
/// <param name="Rows">Number of rows, ≥ 1.</param>
/// <param name="Columns">Number of features in a row, ≥ 1.</param>
/// <param name="Features">Row-major features (<paramref name="Rows"/> × <paramref name="Columns"/>), all finite.</param>
/// <param name="Labels">The last field of each row, trimmed and never empty.</param>
/// <param name="ColumnNames">The fields of a first line that names the columns (label's included), or null.</param>
/// <param name="ClassNames">The class names of a first line of the form <c>N,d,name,name,…</c>, or null.</param>
public sealed record CsvTable(int Rows, int Columns, double[] Features, string[] Labels, string[]? ColumnNames, string[]? ClassNames);
