using Eigenscope.Experiments.Reports;
using Spectre.Console;

namespace Eigenscope.Cli.Rendering;

/// <summary>Findings and tables on a terminal, within its width.</summary>
internal sealed class TerminalRenderer : IReportRenderer
{
    private readonly IAnsiConsole _console;
    private readonly int _width;

    public TerminalRenderer(TextWriter output, int width)
    {
        _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        _console.Profile.Width = width;
        _width = width;
    }

    /// <inheritdoc/>
    public void Render(Report report)
    {
        foreach (string finding in report.Findings)
            WriteLines(TableLayout.Wrap(finding, _width), Style.Plain);
        foreach (SummaryTable table in report.Tables)
        {
            _console.WriteLine();
            WriteLines(TableLayout.Wrap(table.Title, _width), new Style(decoration: Decoration.Bold));
            foreach (IReadOnlyList<string> block in TableLayout.Blocks(table, _width))
            {
                WriteLines(block.Take(1), new Style(decoration: Decoration.Underline));
                WriteLines(block.Skip(1), Style.Plain);
            }
            foreach (string note in table.Notes)
                WriteLines(TableLayout.Wrap(note, _width), new Style(decoration: Decoration.Dim));
        }
    }

    private void WriteLines(IEnumerable<string> lines, Style style)
    {
        foreach (string line in lines)
            _console.WriteLine(line, style);
    }
}
