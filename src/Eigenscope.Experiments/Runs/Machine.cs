using System.Runtime.InteropServices;

namespace Eigenscope.Experiments.Runs;

/// <summary>The machine in words.</summary>
internal static class Machine
{
    /// <summary>Operating system, architecture and, where it can be read, the processor: "Debian GNU/Linux 12 (bookworm), x64, AMD EPYC 9354".</summary>
    public static string Describe() => Describe("/proc/cpuinfo");

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
