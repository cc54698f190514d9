using System.Diagnostics;
using System.Text.Json;
using Eigenscope.Testing.Files;

namespace Eigenscope.Acceptance.Tests;

/// <summary>The program as a user starts it, in a process of its own, with a home folder of its own.</summary>
internal static class ProgramRun
{
    /// <summary>Judges one claim with changes ("width=20").</summary>
    public static JsonElement Reproduce(TemporaryFolder folder, string claim, IEnumerable<string> changes) => Reproduce(folder, [claim, .. changes.SelectMany(static change => (string[])["--set", change])])[claim];

    /// <summary>Runs <c>reproduce</c> and reads its JSON: the claims' results by name.</summary>
    public static Dictionary<string, JsonElement> Reproduce(TemporaryFolder folder, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["EIGENSCOPE_HOME"] = folder["home"];
        foreach (string argument in (string[])[Path.Combine(AppContext.BaseDirectory, "eigenscope.dll"), "reproduce", .. arguments, "--json", "-"])
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.Result);
        using JsonDocument report = JsonDocument.Parse(output.Result);
        return report.RootElement.GetProperty("result").GetProperty("claims").EnumerateArray().ToDictionary(static claim => claim.GetProperty("id").GetString()!, static claim => claim.Clone(), StringComparer.Ordinal);
    }
}
