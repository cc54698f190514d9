namespace Eigenscope.Experiments.Sweeps;

/// <summary>What a plan was made from, and how its results are seen together: kept beside the plan, and told to the job that collects on a cluster.</summary>
internal sealed record PlanOrigin
{
    /// <summary>The recipe, or whatever else a reader would make the plan from again.</summary>
    public required byte[] Text { get; init; }

    /// <summary>The recipe's file; null where there is none.</summary>
    public string? Recipe { get; init; }

    /// <summary>The command that shows the results together, before the recipe's file and the options.</summary>
    public required IReadOnlyList<string> CollectCommand { get; init; }

    /// <summary>Whether that command writes a table of comma-separated values. Default true.</summary>
    public bool WritesTable { get; init; } = true;

    /// <summary>Of a recipe.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static PlanOrigin Of(string recipe) => new() { Text = File.ReadAllBytes(recipe), Recipe = recipe, CollectCommand = ["sweep"] };
}
