using System.Globalization;
using Eigenscope.Numerics.Blas;

namespace Eigenscope.Experiments.Runs;

/// <summary>Checks what every command shares, without loading anything.</summary>
public static class RunSettingsCheck
{
    /// <summary>More threads than this are taken for a slip: work is cut into as many parts, each with memory of its own.</summary>
    public const int MaxThreads = 1024;

    /// <summary>Checks precision, threads and kernels.</summary>
    /// <param name="settings">The settings.</param>
    /// <exception cref="UsageException">Something is wrong; the message lists everything that is.</exception>
    public static void Validate(RunSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        IReadOnlyList<string> faults = Faults(settings);
        if (faults.Count > 0)
            throw new UsageException(string.Join("; ", faults));
    }

    /// <summary>Everything wrong with the settings, for callers that report it together with more.</summary>
    internal static IReadOnlyList<string> Faults(RunSettings settings)
    {
        List<string> faults = [];
        if (settings.Precision is not ("float32" or "float64"))
            faults.Add($"--precision must be float32 or float64, got '{settings.Precision}'");
        if (settings.Threads is < 1 or > MaxThreads)
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"--threads must be a whole number from 1 to {MaxThreads}, got {settings.Threads}"));
        if (!IsKernelChoice(settings.Blas))
            faults.Add($"EIGENSCOPE_BLAS must be auto, openblas or managed, got '{settings.Blas}'");
        return faults;
    }

    private static bool IsKernelChoice(string? choice)
    {
        try
        {
            BlasBackends.Parse(choice);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
