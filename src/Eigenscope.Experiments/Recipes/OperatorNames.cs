namespace Eigenscope.Experiments.Recipes;

/// <summary>The operators that can be asked for, as the command line and JSON name them.</summary>
internal static class OperatorNames
{
    public const string Hessian = "hessian";
    public const string GaussNewton = "gauss-newton";
    public const string Fisher = "fisher";
    public const string EmpiricalFisher = "empirical-fisher";
    public const string GradientCovariance = "gradient-covariance";

    /// <summary>The Hessian of every layer's weight, where it can be asked for apart from the operators.</summary>
    public const string Layers = "layers";

    /// <summary>In place of a list: no operator at all.</summary>
    public const string None = "none";

    /// <summary>Every name.</summary>
    public static string[] All { get; } = [Hessian, GaussNewton, Fisher, EmpiricalFisher, GradientCovariance];

    /// <summary>The operators of a list by commas, each once and in the order of <see cref="All"/>: what is the Gauss–Newton matrix over again comes after it and is not computed twice.</summary>
    public static string[] Ordered(string list)
    {
        string[] asked = Split(list);
        return [.. All.Where(asked.Contains)];
    }

    /// <summary>Whether a list asks for no operator.</summary>
    public static bool IsNone(string list) => Split(list) is [None];

    /// <summary>The entries of a list by commas.</summary>
    public static string[] Split(string? list) => list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}
