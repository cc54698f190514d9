using System.Globalization;

namespace Eigenscope.Experiments.Runs;

/// <summary>
/// Number of physical cores this process may use. Two hardware threads of one core share its arithmetic units, so that a thread for each of them gains nothing in matrix products.
/// </summary>
internal static class PhysicalCores
{
    /// <summary>Counts the cores: on Linux those of the processors this process may run on, elsewhere the logical processors; never more than the container's limit.</summary>
    /// <returns>At least 1.</returns>
    public static int Count() => Count("/", Environment.ProcessorCount);

    /// <summary>Counts the cores of a system whose <c>sys</c> and <c>proc</c> lie under a folder.</summary>
    internal static int Count(string root, int available)
    {
        try
        {
            int cores = DistinctCores(root);
            return cores > 0 ? Math.Min(cores, available) : available;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or FormatException or OverflowException)
        {
            return available;
        }
    }

    private static int DistinctCores(string root)
    {
        string folder = Path.Combine(root, "sys/devices/system/cpu");
        if (!Directory.Exists(folder))
            return 0;
        HashSet<int>? allowed = AllowedProcessors(Path.Combine(root, "proc/self/status"));
        HashSet<(int Package, int Core)> cores = [];
        foreach (string processor in Directory.EnumerateDirectories(folder, "cpu*"))
        {
            bool isProcessor = int.TryParse(Path.GetFileName(processor).AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out int index);
            // A processor that is switched off has no topology.
            if (isProcessor && allowed?.Contains(index) != false && File.Exists(Path.Combine(processor, "topology/core_id")))
                cores.Add((ReadNumber(processor, "topology/physical_package_id"), ReadNumber(processor, "topology/core_id")));
        }
        return cores.Count;
    }

    private static int ReadNumber(string folder, string file) =>
        int.Parse(File.ReadAllText(Path.Combine(folder, file)).Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    // "Cpus_allowed_list:	0-3,8": the affinity mask, cpusets included.
    private static HashSet<int>? AllowedProcessors(string status)
    {
        const string Key = "Cpus_allowed_list:";
        if (!File.Exists(status) || File.ReadLines(status).FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal)) is not { } found)
            return null;
        HashSet<int> allowed = [];
        foreach (string range in found[Key.Length..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] ends = range.Split('-');
            int last = int.Parse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture);
            for (int index = int.Parse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture); index <= last; index++)
                allowed.Add(index);
        }
        return allowed;
    }
}
