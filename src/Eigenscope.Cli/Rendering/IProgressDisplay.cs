using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Cli.Rendering;

/// <summary>Shows where a run is, while it runs.</summary>
internal interface IProgressDisplay
{
    /// <summary>Does the work and shows what it tells of its progress.</summary>
    Report Run(Func<IProgress<RunProgress>?, Report> work, CancellationToken interruption);
}
