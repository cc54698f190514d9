namespace Eigenscope.Experiments.Benchmarks;

/// <summary>The options of <c>bench</c>.</summary>
public sealed record BenchOptions
{
    /// <summary>
    /// Which rows to measure: words that must all occur in a row's name ("mlp-784-512x4-10 hessian float32 block-8"), alternatives separated by commas; null (default) measures every row.
    /// </summary>
    public string? Rows { get; init; }

    /// <summary>float32 or float64; null (default) measures both.</summary>
    public string? Precision { get; init; }

    /// <summary>Undisturbed windows wanted for each row, ≥ 1. Default 3; three times as many are tried at most.</summary>
    public int Windows { get; init; } = 3;

    /// <summary>Whether to measure as well how the cost of Hessian products grows with samples, parameters and block size, and that of eigenpairs with their number. Default false.</summary>
    public bool Scaling { get; init; }

    /// <summary>Whether a row of this name and precision is asked for.</summary>
    internal bool Asks(string name, string precision)
    {
        if (Precision is not null && !string.Equals(Precision, precision, StringComparison.Ordinal))
            return false;
        return Rows is null || Rows.Split(',').Any(alternative =>
            alternative.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)));
    }
}
