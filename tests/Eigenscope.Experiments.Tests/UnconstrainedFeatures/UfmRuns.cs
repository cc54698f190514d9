using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Experiments.Tests.UnconstrainedFeatures;

/// <summary>Runs of the model for tests: two threads, no measurements on the way.</summary>
internal static class UfmRuns
{
    public static RunSettings Settings { get; } = new() { Threads = 2 };

    public static UfmOptions Small { get; } = new() { MeasureEvery = 0 };

    public static (Report Report, UfmResult Result) Run(UfmOptions options, ulong seed = 0)
    {
        Report report = Ufm.Run(options, Settings with { Seed = seed }, TimeProvider.System, null, CancellationToken.None);
        return (report, (UfmResult)report.Result);
    }
}
