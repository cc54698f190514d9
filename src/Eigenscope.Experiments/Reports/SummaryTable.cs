namespace Eigenscope.Experiments.Reports;

/// <summary>A table for people, with every cell already formatted (invariant culture): faces render it and compute nothing.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Columns">Headers.</param>
/// <param name="Rows">One cell per column.</param>
/// <param name="Notes">Sentences below it: reasons of undefined numbers, doubts, definitions.</param>
public sealed record SummaryTable(string Title, IReadOnlyList<SummaryColumn> Columns, IReadOnlyList<IReadOnlyList<string>> Rows, IReadOnlyList<string> Notes);

/// <summary>A column of a <see cref="SummaryTable"/>.</summary>
/// <param name="Header">Its header.</param>
/// <param name="IsNumeric">Whether cells are aligned to the right.</param>
public sealed record SummaryColumn(string Header, bool IsNumeric);
