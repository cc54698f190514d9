using System.Reflection;
using System.Runtime.InteropServices;
using Eigenscope.Experiments.Reports;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;

namespace Eigenscope.Experiments.Runs;

/// <summary>The machine as a run uses it: kernels, threads, and how to describe both.</summary>
internal sealed class RunHost
{
    private readonly LoadedBlas _blas;

    private RunHost(LoadedBlas blas, int threads)
    {
        _blas = blas;
        Compute = new Compute(blas.Backend, threads);
    }

    public static string Version { get; } =
        typeof(RunHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public Compute Compute { get; }

    /// <summary>The number of threads that the settings ask for.</summary>
    public static int ThreadsOf(RunSettings settings) => settings.Threads ?? PhysicalCores.Count();

    /// <summary>Loads the kernels that the settings ask for.</summary>
    /// <exception cref="UsageException">OpenBLAS was asked for and is not there.</exception>
    public static RunHost Start(RunSettings settings)
    {
        try
        {
            return new RunHost(BlasBackends.Load(BlasBackends.Parse(settings.Blas)), ThreadsOf(settings));
        }
        catch (DllNotFoundException exception)
        {
            throw new UsageException($"EIGENSCOPE_BLAS=openblas: {exception.Message}", exception);
        }
    }

    public RunEnvironment Describe(RunSettings settings) => new(
        _blas.Backend.Description,
        _blas.FallbackReason,
        Compute.Threads,
        settings.Precision,
        Machine.Describe(),
        RuntimeInformation.FrameworkDescription);
}
