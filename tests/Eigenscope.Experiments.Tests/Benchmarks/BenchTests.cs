using System.Text.Json;
using Eigenscope.Experiments.Benchmarks;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Testing.Json;

namespace Eigenscope.Experiments.Tests.Benchmarks;

/// <summary>Real clocks and real memory: nothing else may run beside these tests.</summary>
[CollectionDefinition(nameof(BenchTests), DisableParallelization = true)]
[Collection(nameof(BenchTests))]
public sealed class BenchTests
{
    private static readonly BenchModel Tiny = new("tiny", [6, 5, 3], 40);
    private static readonly RunSettings Settings = new() { Blas = "managed", Threads = 1 };

    [Fact]
    public void A_bench_follows_the_schema_and_its_ratios_fit_its_times()
    {
        Report report = Bench.Run([Tiny], new BenchOptions { Windows = 1, Precision = "float32" }, Settings, TimeProvider.System, null, CancellationToken.None);

        Assert.Empty(PublishedSchema.Problems(Json(report)));
        BenchResult result = (BenchResult)report.Result;
        Assert.Equal(["gradient", "linearize", "hessian", "hessian", "gauss-newton", "layer 1.weight", "layer 2.weight"], result.Rows.Select(row => row.Operator));
        foreach (BenchRow row in result.Rows)
        {
            Assert.Equal(row.Milliseconds / row.FloorMilliseconds, row.RatioToFloor, 1e-9 * row.RatioToFloor);
            Assert.Equal(40 * 14 * 4, row.ActivationBytes);
            Assert.Equal(((6 * 5) + 5 + (5 * 3) + 3) * 4, row.ParameterBytes);
        }
    }

    [Fact]
    public void An_interrupted_bench_keeps_the_rows_that_are_done()
    {
        using CancellationTokenSource interruption = new();
        CancelAt third = new(interruption, 2);

        Report report = Bench.Run([Tiny], new BenchOptions { Windows = 1, Precision = "float32" }, Settings, TimeProvider.System, third, interruption.Token);

        Assert.True(report.IsPartial);
        Assert.Equal(2, ((BenchResult)report.Result).Rows.Count);
        Assert.Empty(PublishedSchema.Problems(Json(report)));
    }

    [Fact]
    public void Memory_is_what_is_held_and_what_a_run_drops()
    {
        const int Held = 8 << 20;
        const int Dropped = 2 << 20;

        long bytes = MemoryProbe.Measure(() =>
        {
            byte[] kept = new byte[Held];
            return () =>
            {
                GC.KeepAlive(new byte[Dropped]);
                GC.KeepAlive(kept);
            };
        });

        // Other garbage of the process comes and goes by kilobytes.
        Assert.InRange(bytes, (long)(0.98 * (Held + Dropped)), (long)(1.02 * (Held + Dropped)));
    }

    private static JsonElement Json(Report report)
    {
        using MemoryStream stream = new();
        ReportJson.Write(report, stream);
        using JsonDocument document = JsonDocument.Parse(stream.ToArray());
        return document.RootElement.Clone();
    }

    private sealed class CancelAt(CancellationTokenSource source, int row) : IProgress<RunProgress>
    {
        private int _seen;

        public void Report(RunProgress value)
        {
            if (_seen++ == row)
                source.Cancel();
        }
    }
}
