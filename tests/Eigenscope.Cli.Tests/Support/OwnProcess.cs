using System.Diagnostics;

namespace Eigenscope.Cli.Tests.Support;

/// <summary>The program in a process of its own, as a user starts it.</summary>
internal static class OwnProcess
{
    public static string Assembly { get; } = Path.Combine(AppContext.BaseDirectory, "eigenscope.dll");

    public static Process Start(string folder, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(Assembly);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    public static (int Code, string Output, string Error) Run(string folder, params string[] arguments)
    {
        using Process process = Start(folder, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        return (process.ExitCode, output.Result, error.Result);
    }
}
