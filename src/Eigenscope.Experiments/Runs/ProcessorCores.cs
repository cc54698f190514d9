namespace Eigenscope.Experiments.Runs;

/// <summary>How many cores there are to compute on.</summary>
internal static class ProcessorCores
{
    private const string Topology = "/sys/devices/system/cpu";

    /// <summary>Physical cores this process may use: hyper-threads of one core count once where the system tells, and a container's limit is respected.</summary>
    public static int Physical()
    {
        int logical = Environment.ProcessorCount;
        if (!OperatingSystem.IsLinux() || !Directory.Exists(Topology))
            return logical;
        HashSet<string> cores = new(StringComparer.Ordinal);
        foreach (string folder in Directory.EnumerateDirectories(Topology, "cpu*"))
        {
            string package = Path.Combine(folder, "topology", "physical_package_id");
            string core = Path.Combine(folder, "topology", "core_id");
            if (File.Exists(package) && File.Exists(core))
                cores.Add($"{File.ReadAllText(package).Trim()}/{File.ReadAllText(core).Trim()}");
        }
        return cores.Count == 0 ? logical : Math.Min(cores.Count, logical);
    }
}
