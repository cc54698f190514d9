using Eigenscope.Experiments.Claims;

namespace Eigenscope.Acceptance.Tests;

/// <summary>Which claims the tests look at, and what is known of them.</summary>
internal static class KnownClaims
{
    private const double MostSeconds = 40.0;
    private const string Data = "data";
    private static readonly string[] Own = ["digits", "gaussian"];

    /// <summary>The claims that cost little and need no data from elsewhere.</summary>
    public static IReadOnlyList<Claim> Cheap { get; } = [.. Catalogue.All.Where(static claim => claim.Seconds < MostSeconds && claim.Runs.All(static run => IsOwn(run.Options.GetValueOrDefault(Data))))];

    /// <summary>The claims whose refutation can be run here: its data comes with the program, or the folder EIGENSCOPE_DATA has it.</summary>
    public static IReadOnlyList<Claim> Refutable { get; } = [.. Catalogue.All.Where(static claim => claim.Runs.All(run => IsHere(claim.RefutedBy.GetValueOrDefault(Data) ?? run.Options.GetValueOrDefault(Data))))];

    /// <summary>
    /// Claims that do not come out (docs/reproduce.md says why), with changes under which something of them holds that their refutation breaks; none where it does as they are. A refutation of what is broken already would say nothing.
    /// </summary>
    public static IReadOnlyDictionary<string, string[]> NotReproduced { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["weight-decay-ranks-digits"] = [],
        ["weight-decay-ranks-with-variability"] = [],
        ["weight-decay-truncation-digits"] = [],
        ["weight-decay-terms-gaussians"] = [],
        // Twenty wide, starts end below collapse.
        ["persistence-relu"] = ["width=20"],
        // As the refutation, but trained to the end, which so narrow a network can be from weights of the usual size.
        ["agop-digits-right-share"] = ["samples=200", "measure-samples=100", "width=64", "init-scale=1", "batch-size=20", "learning-rate=2e-3", "epochs=40"],
        // As the refutation, but from weights of the usual size.
        ["agop-digits-residual-trunk"] = ["samples=100", "channels=8", "head-width=64", "batch-size=20", "learning-rate=2e-3", "epochs=40", "init-scale=1"],
    };

    /// <summary>A claim.</summary>
    public static Claim Find(string id) => Catalogue.All.Single(claim => string.Equals(claim.Id, id, StringComparison.Ordinal));

    private static bool IsOwn(string? data) => data is null || Own.Contains(data, StringComparer.Ordinal);

    private static bool IsHere(string? data) => IsOwn(data) || (Environment.GetEnvironmentVariable("EIGENSCOPE_DATA") is { Length: > 0 } folder && Directory.Exists(Path.Combine(folder, data!)));
}
