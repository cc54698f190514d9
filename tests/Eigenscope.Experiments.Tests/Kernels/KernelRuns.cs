using System.Text.Json;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Testing.Json;

namespace Eigenscope.Experiments.Tests.Kernels;

/// <summary>Small runs of kernel machines, and what is asked of every one of them.</summary>
internal static class KernelRuns
{
    public static RunSettings Settings { get; } = new() { Threads = 2 };

    public static Report Run(DeepRfmRunOptions options) => DeepRfmExperiment.Run(options, Settings, TimeProvider.System, null, CancellationToken.None);

    public static Report Run(RfmRunOptions options) => RfmExperiment.Run(options, Settings, TimeProvider.System, null, CancellationToken.None);

    public static DeepRfmResult Layers(Report report) => (DeepRfmResult)report.Result;

    public static RfmResult Machine(Report report) => (RfmResult)report.Result;

    public static JsonElement AssertFollowsTheSchema(Report report)
    {
        using MemoryStream stream = new();
        ReportJson.Write(report, stream);
        using JsonDocument document = JsonDocument.Parse(stream.ToArray());
        Assert.Empty(PublishedSchema.Problems(document.RootElement));
        return document.RootElement.Clone();
    }

    /// <summary>Cancels when the run says that it has come to a place.</summary>
    internal sealed class StopAt(CancellationTokenSource source, string detail) : IProgress<RunProgress>
    {
        public void Report(RunProgress value)
        {
            if (value.Detail.StartsWith(detail, StringComparison.Ordinal))
                source.Cancel();
        }
    }
}
