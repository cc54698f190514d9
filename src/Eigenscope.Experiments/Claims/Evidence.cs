using System.Globalization;
using Eigenscope.Numerics.Execution;

namespace Eigenscope.Experiments.Claims;

/// <summary>What a claim's checks read: the reports of its runs, and its settings.</summary>
public sealed class Evidence
{
    private readonly IReadOnlyDictionary<string, IReadOnlyList<RunReport>> _runs;
    private readonly IReadOnlyDictionary<string, string> _settings;

    /// <summary>Gathers it.</summary>
    /// <param name="runs">By name of the run, one report for each seed, in their order.</param>
    /// <param name="settings">The claim's settings, as changed.</param>
    /// <param name="compute">Where checks that need no runs compute.</param>
    public Evidence(IReadOnlyDictionary<string, IReadOnlyList<RunReport>> runs, IReadOnlyDictionary<string, string> settings, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(compute);
        (_runs, _settings, Compute) = (runs, settings, compute);
    }

    /// <summary>Where checks that need no runs compute.</summary>
    public Compute Compute { get; }

    /// <summary>The reports of a run, one for each seed.</summary>
    /// <param name="name">Its name in the claim.</param>
    public IReadOnlyList<RunReport> Seeds(string name) => _runs[name];

    /// <summary>The report of a run with its first seed.</summary>
    /// <param name="name">Its name in the claim.</param>
    public RunReport this[string name] => _runs[name][0];

    /// <summary>A setting that is a number.</summary>
    /// <param name="name">Its name in the claim.</param>
    /// <exception cref="UsageException">It was set to something else.</exception>
    public double Setting(string name) => double.TryParse(_settings[name], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
        ? value
        : throw new UsageException($"--set {name}: expected a number, got '{_settings[name]}'");
}
