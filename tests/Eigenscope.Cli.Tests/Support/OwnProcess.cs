using System.Diagnostics;

namespace Eigenscope.Cli.Tests.Support;

/// <summary>The program in a process of its own, as a user starts it.</summary>
internal static class OwnProcess
{
    public static string Assembly { get; } = Path.Combine(AppContext.BaseDirectory, "eigenscope.dll");

    public static Process Start(string folder, params string[] arguments) => StartProgram(folder, ["dotnet", Assembly, .. arguments]);

    /// <summary>The same where Ctrl-C reaches it: what a shell starts in the background is deaf to that, and so are tests that are run there and everything that they start.</summary>
    public static Process StartInterruptible(string folder, params string[] arguments) =>
        StartProgram(folder, [.. OperatingSystem.IsLinux() ? ["env", "--default-signal=INT"] : Array.Empty<string>(), "dotnet", Assembly, .. arguments]);

    public static (int Code, string Output, string Error) Run(string folder, params string[] arguments)
    {
        using Process process = Start(folder, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        return (process.ExitCode, output.Result, error.Result);
    }

    private static Process StartProgram(string folder, string[] words)
    {
        ProcessStartInfo start = new(words[0], words[1..]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        return Process.Start(start)!;
    }
}
