using System.Globalization;
using System.Runtime.InteropServices;
using Eigenscope.Experiments.Reports;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;

namespace Eigenscope.Experiments.Runs;

/// <summary>What <see cref="RunSettings"/> stand for on this machine: kernels, threads, precision and folders.</summary>
/// <param name="Compute">Kernels and threads.</param>
/// <param name="Precision">Precision of networks.</param>
/// <param name="Home">Folder for cache, runs and checkpoints.</param>
/// <param name="Data">Where data sets are looked for by name.</param>
/// <param name="Description">The same in words, for reports.</param>
public sealed record ExecutionEnvironment(Compute Compute, Precision Precision, HomeFolder Home, DataLocations Data, RunEnvironment Description)
{
    private const int MaxThreads = 1024;
    private const string SystemData = "/usr/share/datasets";

    /// <summary>Checks the settings without loading anything.</summary>
    /// <param name="settings">The settings.</param>
    /// <exception cref="UsageException">A setting out of range; the message names it.</exception>
    public static void Validate(RunSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ParsePrecision(settings.Precision);
        if (settings.Threads is < 1 or > MaxThreads)
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--threads: expected a whole number in 1 … {MaxThreads}, got {settings.Threads}"));
        ParseBlas(settings.Blas);
    }

    /// <summary>Loads the dense kernels and finds threads and folders.</summary>
    /// <param name="settings">The settings.</param>
    /// <returns>The environment.</returns>
    /// <exception cref="UsageException">A setting out of range, or kernels that were asked for and are missing; the message names the setting and what to do.</exception>
    public static ExecutionEnvironment Load(RunSettings settings)
    {
        Validate(settings);
        LoadedBlas blas = LoadBlas(settings.Blas);
        int threads = settings.Threads ?? PhysicalCores.Count();
        RunEnvironment description = new(blas.Backend.Description, blas.FallbackReason, threads, settings.Precision, Machine.Describe(), RuntimeInformation.FrameworkDescription);
        HomeFolder home = HomeFolder.Resolve(settings.Home);
        return new ExecutionEnvironment(new Compute(blas.Backend, threads), ParsePrecision(settings.Precision), home, Locate(settings, home), description);
    }

    /// <summary>Where data sets are looked for by name: the user's folder, the cache, the system's.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="home">The home folder.</param>
    /// <returns>The folders.</returns>
    public static DataLocations Locate(RunSettings settings, HomeFolder home)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(home);
        return new DataLocations(string.IsNullOrEmpty(settings.DataFolder) ? null : settings.DataFolder, home.Data, OperatingSystem.IsWindows() ? null : SystemData);
    }

    private static LoadedBlas LoadBlas(string? choice)
    {
        try
        {
            return BlasBackends.Load(ParseBlas(choice));
        }
        catch (DllNotFoundException missing)
        {
            throw new UsageException($"EIGENSCOPE_BLAS: {missing.Message}", missing);
        }
    }

    private static BlasChoice ParseBlas(string? choice)
    {
        try
        {
            return BlasBackends.Parse(choice);
        }
        catch (ArgumentException unknown)
        {
            throw new UsageException($"EIGENSCOPE_BLAS: expected auto, openblas or managed, got '{choice}'", unknown);
        }
    }

    private static Precision ParsePrecision(string precision) => precision switch
    {
        "float32" => Precision.Float32,
        "float64" => Precision.Float64,
        _ => throw new UsageException($"--precision: expected float32 or float64, got '{precision}'"),
    };
}
