using Eigenscope.Experiments.Reports;

namespace Eigenscope.Cli.Rendering;

/// <summary>Shows a report to a person.</summary>
internal interface IReportRenderer
{
    /// <summary>Shows findings, then tables.</summary>
    void Render(Report report);
}
