using System.Globalization;
using System.Runtime.InteropServices;

namespace Eigenscope.Experiments.Runs;

/// <summary>The machine in words.</summary>
internal static class Machine
{
    /// <summary>Operating system, architecture and, where it can be read, the processor: "Debian GNU/Linux 12 (bookworm), x64, AMD EPYC 9354".</summary>
    public static string Describe() => Describe("/proc/cpuinfo");

    /// <summary>Memory that a new process could take without pushing others out; null where the system does not say.</summary>
    public static long? AvailableBytes() => AvailableBytes("/proc/meminfo");

    internal static long? AvailableBytes(string meminfo)
    {
        try
        {
            string? line = File.Exists(meminfo) ? File.ReadLines(meminfo).FirstOrDefault(static line => line.StartsWith("MemAvailable:", StringComparison.Ordinal)) : null;
            string[] words = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
            return words.Length >= 2 && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out long kibibytes) ? kibibytes << 10 : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal static string Describe(string cpuinfo)
    {
        string system = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        return Processor(cpuinfo) is { } processor ? $"{system}, {processor}" : system;
    }

    private static string? Processor(string cpuinfo)
    {
        try
        {
            string? line = File.Exists(cpuinfo) ? File.ReadLines(cpuinfo).FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
            string? name = line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
            return string.IsNullOrEmpty(name) ? null : name;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
