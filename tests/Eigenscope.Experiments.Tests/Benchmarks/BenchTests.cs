using System.Text.Json;
using Eigenscope.Experiments.Benchmarks;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Networks;
using Eigenscope.Testing.Json;

namespace Eigenscope.Experiments.Tests.Benchmarks;

/// <summary>Real clocks and real memory: nothing else may run beside these tests.</summary>
[CollectionDefinition(nameof(BenchTests), DisableParallelization = true)]
[Collection(nameof(BenchTests))]
public sealed class BenchTests
{
    private static readonly BenchModel Tiny = BenchModel.Mlp("tiny", [6, 5, 3], 40);
    private static readonly RunSettings Settings = new() { Blas = "managed", Threads = 1 };

    [Fact]
    public void A_bench_follows_the_schema_and_its_ratios_fit_its_times()
    {
        Report report = Bench.Run([Tiny], [], null, new BenchOptions { Windows = 1, Precision = "float32" }, Settings, TimeProvider.System, null, CancellationToken.None);

        Assert.Empty(PublishedSchema.Problems(Json(report)));
        BenchResult result = (BenchResult)report.Result;
        Assert.Equal(["gradient", "linearize", "hessian", "hessian", "gauss-newton", "empirical-fisher", "jacobian", "layer 1.weight", "layer 2.weight"], result.Rows.Select(row => row.Operator));
        foreach (BenchRow row in result.Rows)
        {
            Assert.Equal(row.Milliseconds / row.FloorMilliseconds, row.RatioToFloor, 1e-9 * row.RatioToFloor);
            Assert.Equal(40 * 14 * 4, row.ActivationBytes);
            Assert.Equal(((6 * 5) + 5 + (5 * 3) + 3) * 4, row.ParameterBytes);
        }
    }

    [Fact]
    public void A_kernel_machine_is_a_row_with_its_floor_and_no_gradient()
    {
        KernelBenchCase tiny = new(90, 6, 3);
        Report report = Bench.Run([Tiny], [tiny], null, new BenchOptions { Windows = 1, Rows = "laplace" }, Settings, TimeProvider.System, null, CancellationToken.None);
        BenchRow row = Assert.Single(((BenchResult)report.Result).Rows);
        Assert.Equal("laplace-90-6-3", row.Model);
        Assert.False(row.RatioToGradient.IsDefined);
        Assert.True(row.Milliseconds > 0.0 && row.RatioToFloor > 0.0);
        // 90² · 6 + 90³/3 + 2 · 90² · 3 + 2 · 90² · 6 · 4 + 90 · 3 · 36.
        Assert.Equal(48_600 + 243_000 + 48_600 + 388_800 + 9_720, tiny.Flops, 1e-6);
    }

    [Fact]
    public void A_network_with_batch_normalisation_has_a_row_for_its_training_step()
    {
        BenchModel model = BenchModel.Images("tiny-resnet8", ImageModel.ResNet8, [1, 8, 8], 32, "stage2.0.conv1.weight", channels: 2);

        Report report = Bench.Run([model], [], null, new BenchOptions { Windows = 1, Precision = "float32", Rows = "training, jacobian, layer" }, Settings, TimeProvider.System, null, CancellationToken.None);

        BenchResult result = (BenchResult)report.Result;
        Assert.Equal(["training-step", "jacobian", "layer stage2.0.conv1.weight"], result.Rows.Select(row => row.Operator));
        Assert.All(result.Rows, row => Assert.True(row.PeakBytes > 0 && row.Milliseconds > 0.0));
        Assert.Null(result.Scaling);
    }

    [Fact]
    public void Scaling_has_a_point_for_every_size_and_follows_the_schema()
    {
        ScalingCase[] blocks = [.. ((int[])[1, 2, 4]).Select(block => new ScalingCase(block, Tiny, block))];
        ScalingCase[] counts = [.. ((int[])[1, 2, 3]).Select(count => new ScalingCase(count, Tiny, 1))];
        ScalingSeries[] series = [new("tiny", ScalingSeries.Block, Precision.Float32, blocks), new("tiny", ScalingSeries.Eigenpairs, Precision.Float64, counts)];

        Report report = Bench.Run([Tiny], [], series, new BenchOptions { Windows = 1, Scaling = true, Rows = "gradient float32" }, Settings, TimeProvider.System, null, CancellationToken.None);

        Assert.Empty(PublishedSchema.Problems(Json(report)));
        IReadOnlyList<BenchScaling> scaling = ((BenchResult)report.Result).Scaling!;
        Assert.Equal(["hessian", "hessian eigenpairs"], scaling.Select(entry => entry.Operator));
        Assert.All(scaling, entry => Assert.Equal(3, entry.Points.Count));
        Assert.Equal([1.0, 2.0, 4.0], scaling[0].Points.Select(point => point.Value));
    }

    [Fact]
    public void An_interrupted_bench_keeps_the_rows_that_are_done()
    {
        using CancellationTokenSource interruption = new();
        CancelAt third = new(interruption, 2);

        Report report = Bench.Run([Tiny], [], null, new BenchOptions { Windows = 1, Precision = "float32" }, Settings, TimeProvider.System, third, interruption.Token);

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
