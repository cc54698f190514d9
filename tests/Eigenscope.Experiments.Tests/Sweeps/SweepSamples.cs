using System.Globalization;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Experiments.Store;
using Eigenscope.Experiments.Sweeps;

namespace Eigenscope.Experiments.Tests.Sweeps;

/// <summary>Sweeps made by hand.</summary>
internal static class SweepSamples
{
    /// <summary>Two widths by three weight decays, two seeds: of (4, 0.1) nothing is done, of (8, 1e-3) one seed failed.</summary>
    public static SweepResult Grid()
    {
        SweepAxis[] axes = [new("width", ["8", "4"]), new("weight-decay", ["0.1", "0.001", "1E-05"])];
        List<SweepRunReport> runs = [];
        foreach (string width in axes[0].Values)
        {
            foreach (string decay in axes[1].Values)
            {
                for (ulong seed = 0; seed < 2; seed++)
                    runs.Add(Run(width, decay, seed));
            }
        }
        return Result(axes, runs);
    }

    /// <summary>A sweep of some runs.</summary>
    public static SweepResult Result(IReadOnlyList<SweepAxis> axes, IReadOnlyList<SweepRunReport> runs, SweepBound? bound = null)
    {
        SweepResult result = new()
        {
            Name = "by hand",
            Command = "ufm",
            Store = "store",
            Done = runs.Count(static run => run.Status is RunRecord.Done),
            Failed = runs.Count(static run => run.Status is RunRecord.Failed),
            Missing = runs.Count(static run => run.Status is RunRecord.Missing),
            CarriedOut = 0,
            Axes = axes,
            TcvBound = bound,
            Cells = [],
            Runs = runs,
            Partial = false,
        };
        return result with { Cells = [.. SweepCell.Group(result).Select(cell => SweepCellReport.Of(axes, cell))] };
    }

    /// <summary>A run with options, numbers and a status of its own.</summary>
    public static SweepRunReport Done(ulong seed, RunFacts facts, params (string Name, string Value)[] options) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"{string.Join('-', options.Select(static option => option.Value))}-{seed}"),
        Name = "by hand",
        Options = options.ToDictionary(static option => option.Name, static option => option.Value, StringComparer.Ordinal),
        Seed = seed,
        Status = RunRecord.Done,
        Loss = facts.Loss,
        Seconds = 2.0,
        Facts = facts,
    };

    /// <summary>The page's report.</summary>
    public static Report Report(SweepResult result) => new()
    {
        Command = "sweep",
        Version = "0.1.0",
        Environment = RunHost.Start(new RunSettings()).Describe(new RunSettings()),
        Config = new Dictionary<string, object?>(StringComparer.Ordinal) { ["name"] = result.Name, ["command"] = result.Command },
        Result = result,
        IsConverged = true,
        Findings = SweepFindings.Describe(result),
        Tables = SweepTables.Build(result),
    };

    /// <summary>Layers with ranks; TCV is ten times NC1.</summary>
    public static LayerFacts[] Layers(double nc1, params double[] ranks) =>
        [.. ranks.Select((rank, index) => new LayerFacts { Name = (index + 1).ToString(CultureInfo.InvariantCulture), NumericalRank = rank, StableRank = 1.5, EffectiveRank = 1.8, Nc1 = nc1, Tcv = 10.0 * nc1, RankKDistance = 0.1, BoundMiddle = 1.0, BoundRight = 5.0, BoundSlack = 0.01 })];

    private static SweepRunReport Run(string width, string decay, ulong seed)
    {
        double rank = decay switch { "0.1" => 2.0, "0.001" => 4.0, _ => 8.0 };
        string? ending = width is "8" && decay is not "0.1" ? "dnc" : seed == 0 ? "low-rank" : null;
        RunFacts facts = new()
        {
            Loss = 0.5 + (0.25 * seed),
            Accuracy = 1.0,
            Converged = true,
            TheoryLoss = 0.4,
            Ending = ending,
            Endings = new Dictionary<string, int>(StringComparer.Ordinal) { [ending ?? "other"] = 1 },
            Classes = 5,
            Layers = Layers(decay switch { "0.1" => 1e-4, "0.001" => 1e-2, _ => 1.0 }, rank, rank - (double)seed),
        };
        SweepRunReport run = Done(seed, facts, ("width", width), ("weight-decay", decay), ("depth", "2"));
        return (width, decay, seed) switch
        {
            ("4", "0.1", _) => run with { Status = RunRecord.Missing, Facts = null, Loss = null, Seconds = null },
            ("8", "0.001", 1) => run with { Status = RunRecord.Failed, Facts = null, Loss = null, Error = "the loss is not finite" },
            _ => run,
        };
    }
}
