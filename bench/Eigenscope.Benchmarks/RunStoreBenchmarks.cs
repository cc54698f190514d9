using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Eigenscope.Experiments.Runs;
using Eigenscope.Experiments.Store;

namespace Eigenscope.Benchmarks;

/// <summary>A store of ten thousand runs: list all, choose some, put some side by side, and build a lost index again.</summary>
public class RunStoreBenchmarks
{
    private const int Runs = 10_000;
    private const int Limit = 50;
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };
    private readonly RunSettings _settings = new() { Threads = 1 };
    private string _folder = "";

    /// <summary>Makes the store, as sweeps leave it less the arrays, and its index.</summary>
    [GlobalSetup]
    public void Create()
    {
        _folder = Directory.CreateTempSubdirectory("eigenscope-runs-").FullName;
        File.WriteAllText(Path.Combine(_folder, "store.json"), "{ \"format\": 1 }");
        for (int run = 0; run < Runs; run++)
            Write(run);
        StoredRuns.List(_folder, new RunFilter(), Limit, _settings);
    }

    /// <summary>Removes it.</summary>
    [GlobalCleanup]
    public void Delete() => Directory.Delete(_folder, recursive: true);

    /// <summary>All runs.</summary>
    /// <returns>The report.</returns>
    [Benchmark]
    public object List() => StoredRuns.List(_folder, new RunFilter(), Limit, _settings);

    /// <summary>A fiftieth of them.</summary>
    /// <returns>The report.</returns>
    [Benchmark]
    public object Filter() => StoredRuns.List(_folder, new RunFilter { Conditions = ["width=12", "loss<0.5"] }, Limit, _settings);

    /// <summary>A hundred of them side by side.</summary>
    /// <returns>The report.</returns>
    [Benchmark]
    public object Compare() => StoredRuns.Compare(_folder, [], new RunFilter { Conditions = ["width=12", "seed<5000"] }, Limit, _settings);

    /// <summary>All runs, read from their folders.</summary>
    /// <returns>The report.</returns>
    [Benchmark]
    public object BuildIndex()
    {
        File.Delete(Path.Combine(_folder, "index.db"));
        return StoredRuns.List(_folder, new RunFilter(), Limit, _settings);
    }

    private void Write(int run)
    {
        RunRecord record = new()
        {
            Id = $"{run:x16}",
            Command = "study",
            Name = "many",
            Options = new Dictionary<string, string>(StringComparer.Ordinal) { ["width"] = $"{run % 50}", ["weight-decay"] = $"{1e-5 * (run % 7)}", ["depth"] = "4", ["operators"] = "none" },
            Seed = (ulong)run,
            Threads = 1,
            Status = RunRecord.Done,
            Version = "0",
            Finished = DateTimeOffset.UnixEpoch.AddSeconds(run),
            Seconds = 1.0,
            Facts = new RunFacts { Loss = run / (double)Runs, Accuracy = 0.9, Layers = [.. Enumerable.Range(1, 4).Select(static layer => new LayerFacts { Name = $"{layer}", NumericalRank = layer, StableRank = layer, EffectiveRank = layer, Tcv = layer, Nc1 = layer, BoundMiddle = layer, BoundRight = layer, BoundSlack = layer, RankKDistance = layer, RelativeRankKDistance = layer })] },
        };
        string folder = Directory.CreateDirectory(Path.Combine(_folder, "runs", record.Id)).FullName;
        File.WriteAllBytes(Path.Combine(folder, "run.json"), JsonSerializer.SerializeToUtf8Bytes(record, Json));
    }
}
