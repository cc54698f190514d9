namespace Eigenscope.Experiments.Claims;

/// <summary>One claim of a paper with everything that decides it: what is run, what is measured, what is expected and whence. Declared in the <see cref="Catalogue"/>; it computes nothing itself.</summary>
public sealed record Claim
{
    /// <summary>Its name: lower-case words with dashes, unique.</summary>
    public required string Id { get; init; }

    /// <summary>The paper that makes it.</summary>
    public required ClaimPaper Paper { get; init; }

    /// <summary>What is claimed, in our own words, one sentence.</summary>
    public required string Statement { get; init; }

    /// <summary>The runs that decide it; none where closed forms and data suffice.</summary>
    public IReadOnlyList<ClaimRun> Runs { get; init; } = [];

    /// <summary>What is compared; the claim is reproduced where every one of them holds.</summary>
    public required IReadOnlyList<ClaimCheck> Checks { get; init; }

    /// <summary>Numbers of the claim that are not options of its runs, by name, with their values: what <c>--set</c> changes where there are no runs.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Options or settings under which it must come out not reproduced: a claim that nothing can refute says nothing.</summary>
    public required IReadOnlyDictionary<string, string> RefutedBy { get; init; }

    /// <summary>Where we could not follow the paper, in sentences; empty where we could.</summary>
    public IReadOnlyList<string> Caveats { get; init; } = [];

    /// <summary>Whether what is expected is exact: a closed form or an independent computation, not a trend of training.</summary>
    public bool IsOracle { get; init; }

    /// <summary>Seconds of one core that all its runs take, about.</summary>
    public double Seconds => Runs.Sum(static run => run.Seconds * run.Seeds);

    /// <summary>seconds, minutes or hours: the unit that its cost is told in.</summary>
    public string Cost => Seconds < 60.0 ? "seconds" : Seconds < 3600.0 ? "minutes" : "hours";
}

/// <summary>A paper whose claims are looked at.</summary>
/// <param name="Key">A short name for tables and the command line: "ufm-spectra".</param>
/// <param name="Reference">Its number in the arXiv.</param>
/// <param name="Title">What it is about.</param>
public sealed record ClaimPaper(string Key, string Reference, string Title);
