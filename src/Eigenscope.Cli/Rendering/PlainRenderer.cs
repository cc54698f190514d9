using Eigenscope.Experiments.Reports;

namespace Eigenscope.Cli.Rendering;

/// <summary>Plain aligned text for pipes and files: no control characters, no lines of boxes, nothing cut or wrapped.</summary>
internal sealed class PlainRenderer(TextWriter output) : IReportRenderer
{
    /// <inheritdoc/>
    public void Render(Report report)
    {
        foreach (string finding in report.Findings)
            output.WriteLine(finding);
        bool isFirst = report.Findings.Count == 0;
        foreach (SummaryTable table in report.Tables)
        {
            if (!isFirst)
                output.WriteLine();
            isFirst = false;
            output.WriteLine(table.Title);
            foreach (string line in TableLayout.Lines(table))
                output.WriteLine(line);
            foreach (string note in table.Notes)
                output.WriteLine(note);
        }
    }
}
