using System.Globalization;
using Eigenscope.Experiments.Benchmarks;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Data;
using Eigenscope.Numerics.Blas;

namespace Eigenscope.Experiments.Doctor;

/// <summary>Looks at what this machine offers, and says what to do where something is missing.</summary>
public static class Checkup
{
    private const int FrameworkVersion = 10;
    private const double Gibibyte = 1L << 30;

    /// <summary>Runs every check, in about a second.</summary>
    /// <param name="settings">Where and how a run would compute.</param>
    /// <param name="coreType">The value of OPENBLAS_CORETYPE, or null: kernels for another processor than this one cost speed.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Stops between checks.</param>
    /// <returns>The report; its result is a <see cref="DoctorResult"/>.</returns>
    /// <exception cref="UsageException">A setting out of range, or kernels that were asked for and are missing.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static Report Run(RunSettings settings, string? coreType, TimeProvider time, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(time);
        RunSettingsCheck.Validate(settings);
        RunHost host = RunHost.Start(settings);
        RunEnvironment environment = host.Describe(settings);
        Func<DoctorCheck>[] checks =
        [
            Runtime,
            () => Kernels(environment, host.Compute.Blas.Kind, coreType),
            () => Threads(host.Compute.Threads),
            () => ProductCheck.Run<float>(host.Compute, "matrix product float32"),
            () => ProductCheck.Run<double>(host.Compute, "matrix product float64"),
            () => Scaling(host.Compute.Blas, time),
            Memory,
            () => Home(HomeFolder.Resolve(settings.Home)),
            () => DataSets(settings, DataFolders.Locate(settings)),
        ];
        List<DoctorCheck> done = [];
        foreach (Func<DoctorCheck> check in checks)
        {
            cancellation.ThrowIfCancellationRequested();
            done.Add(check());
        }
        return Describe(environment, settings, done);
    }

    private static Report Describe(RunEnvironment environment, RunSettings settings, List<DoctorCheck> checks)
    {
        int wrong = checks.Count(static check => !check.Ok);
        return new Report
        {
            Command = "doctor",
            Version = RunHost.Version,
            Environment = environment,
            Config = new Dictionary<string, object?>(StringComparer.Ordinal) { ["precision"] = settings.Precision, ["threads"] = environment.Threads },
            Result = new DoctorResult(checks),
            IsConverged = true,
            Findings = [wrong == 0 ? $"All {checks.Count} checks are well." : string.Create(CultureInfo.InvariantCulture, $"{wrong} of {checks.Count} checks need a look.")],
            Tables = [new SummaryTable("Checks", [new("check", false), new("ok", false), new("detail", false)], [.. checks.Select(Row)], [])],
        };
    }

    private static string[] Row(DoctorCheck check) => [check.Name, check.Ok ? "yes" : "NO", check.Detail];

    private static DoctorCheck Runtime() => new(
        "runtime",
        Environment.Version.Major >= FrameworkVersion,
        string.Create(CultureInfo.InvariantCulture, $".NET {Environment.Version}, {Machine.Describe()}"));

    private static DoctorCheck Kernels(RunEnvironment environment, BlasKind kind, string? coreType)
    {
        string detail = environment.BlasFallbackReason is { } reason ? $"{environment.Blas}, because {reason}" : environment.Blas;
        if (kind == BlasKind.OpenBlas && !string.IsNullOrEmpty(coreType))
            detail += $"; OPENBLAS_CORETYPE={coreType} is preset, unset it for this processor's own kernels";
        return new DoctorCheck("dense kernels", environment.BlasFallbackReason is null, detail);
    }

    private static DoctorCheck Threads(int threads)
    {
        int cores = PhysicalCores.Count();
        string detail = string.Create(CultureInfo.InvariantCulture, $"{threads} on {cores} physical cores ({Environment.ProcessorCount} logical)");
        return new DoctorCheck("threads", threads <= cores, threads <= cores ? detail : $"{detail}; more threads than cores slow each other down");
    }

    private static DoctorCheck Scaling(BlasBackend blas, TimeProvider time)
    {
        const string Name = "two cores at once";
        if (PhysicalCores.Count() < 2)
            return new DoctorCheck(Name, true, "this machine has one core");
        double scaling = new CoreScaling(blas, time).Measure();
        bool ok = scaling >= CoreScaling.Required;
        string detail = string.Create(CultureInfo.InvariantCulture, $"two single-threaded loops do {scaling:0.00} times the work of one");
        return new DoctorCheck(Name, ok, ok ? detail : string.Create(CultureInfo.InvariantCulture, $"{detail}, expected at least {CoreScaling.Required}: something else is running, or the virtual machine has lost a core"));
    }

    private static DoctorCheck Memory()
    {
        double available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Gibibyte;
        return new DoctorCheck("memory", available >= 1.0, string.Create(CultureInfo.InvariantCulture, $"{available:0.0} GiB for this process"));
    }

    private static DoctorCheck Home(HomeFolder home)
    {
        string folder = home.Path;
        while (!Directory.Exists(folder) && !File.Exists(folder) && Path.GetDirectoryName(folder) is { } parent)
            folder = parent;
        string? problem = File.Exists(folder) ? $"'{folder}' is a file" : OutputPath.FolderProblem(folder);
        return new DoctorCheck("home", problem is null, problem is null ? $"{home.Path} can be written" : $"{home.Path} cannot be written: {problem}; set EIGENSCOPE_HOME to a folder that can");
    }

    private static DoctorCheck DataSets(RunSettings settings, DataLocations locations)
    {
        IReadOnlyList<DataSourceInfo> sources = DataCatalog.List(locations);
        string found = string.Join(", ", sources.Where(static source => source.Location is not null).Select(static source => $"{source.Name} ({source.Location})"));
        string missing = string.Join(", ", sources.Where(static source => source.Location is null).Select(static source => source.Name));
        string detail = missing.Length == 0 ? found : $"{found}; not here: {missing} (see 'eigenscope data list')";
        if (!string.IsNullOrEmpty(settings.DataFolder) && !Directory.Exists(settings.DataFolder))
            return new DoctorCheck("data", false, $"EIGENSCOPE_DATA: there is no folder '{settings.DataFolder}'; {detail}");
        return new DoctorCheck("data", true, detail);
    }
}
