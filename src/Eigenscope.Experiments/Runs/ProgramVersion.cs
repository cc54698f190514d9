namespace Eigenscope.Experiments.Runs;

/// <summary>The version that reports carry.</summary>
public static class ProgramVersion
{
    /// <summary>Major, minor and patch: "0.1.0".</summary>
    public static string Current { get; } = typeof(ProgramVersion).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
