using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Experiments.Store;
using Eigenscope.Experiments.Sweeps;
using Eigenscope.Formats;

namespace Eigenscope.Experiments.Tests.Store;

/// <summary>A sweep of runs that cost nothing: what each finds is worked out from its arguments here, so that a store's content can be told without the code that wrote it.</summary>
internal static class StoreRuns
{
    public static SweepPlan Plan(int runs = 3, string name = "cheap") => new()
    {
        Name = name,
        Command = "ufm",
        Threads = 1,
        Folder = Path.GetTempPath(),
        KeepsArrays = true,
        KeepsModels = true,
        CheckpointSeconds = 0.0,
        Axes = [new SweepAxis("width", [.. Enumerable.Range(0, runs).Select(static index => $"{index + 4}")])],
        Runs = [.. Enumerable.Range(0, runs).Select(Run)],
    };

    public static SweepRun Run(int index) => new()
    {
        Id = $"{index:x16}",
        Options = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["width"] = $"{index + 4}", ["loss"] = "mse", ["kind"] = "none" },
        Seed = (ulong)index,
        Arguments = ["ufm", "--width", $"{index + 4}", "--seed", $"{index}"],
    };

    /// <summary>Understands those command lines. Every run writes a checkpoint on its way.</summary>
    public static PreparedRun Prepare(IReadOnlyList<string> arguments) => new()
    {
        Settings = new RunSettings { Threads = 1 },
        Validate = static () => { },
        Run = (settings, _, _) =>
        {
            settings.Checkpoint?.Write(path => File.WriteAllText(path, "half way"));
            return Report(double.Parse(arguments[2]));
        },
    };

    public static Report Report(double width) => new()
    {
        Command = "ufm",
        Version = "0",
        Environment = new RunEnvironment("none", null, 1, "float64", "none", "none"),
        Config = new Dictionary<string, object?>(StringComparer.Ordinal) { ["width"] = width },
        Result = new CheapResult(Loss(width), Accuracy(width), Converged: true),
        IsConverged = true,
        Arrays = new Lazy<IReadOnlyList<NamedArray>>(() => [new NamedArray("values", [width, 2.0 * width], [2])]),
        SaveModel = path => NpzFile.Write(path, [new("model", NpyArray.Create([width], 1))]),
    };

    public static double Loss(double width) => 1.0 / width;

    public static double Accuracy(double width) => 1.0 - (0.01 * width);

    public static void CarryOut(RunStore store, SweepPlan plan) =>
        new SweepWorker(store, Prepare, TimeProvider.System).Run(plan, [.. Enumerable.Range(0, plan.Runs.Count)], null, CancellationToken.None);

    internal sealed record CheapResult(double Loss, double Accuracy, bool Converged);
}
