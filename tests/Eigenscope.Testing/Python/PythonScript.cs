using System.Diagnostics;

namespace Eigenscope.Testing.Python;

/// <summary>Scripts in the system's Python, as evidence from programs that share no code with this one.</summary>
public static class PythonScript
{
    private const string Program = "/usr/bin/python3";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    /// <summary>What a test needs and does not find, for xunit to say; null when the modules can be imported.</summary>
    /// <param name="modules">Names of the modules.</param>
    /// <returns>One line, or null.</returns>
    public static string? Missing(params IReadOnlyList<string> modules)
    {
        if (!File.Exists(Program))
            return $"{Program} is not installed";
        (int code, _, _) = Start($"import {string.Join(", ", modules)}", []);
        return code == 0 ? null : $"{Program} has not all of {string.Join(", ", modules)} (Debian: {string.Join(", ", modules.Select(static module => $"python3-{module}"))})";
    }

    /// <summary>Runs a script.</summary>
    /// <param name="script">The script itself.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message has its last words.</exception>
    public static string Run(string script, params IReadOnlyList<string> arguments)
    {
        (int code, string output, string errors) = Start(script, arguments);
        return code == 0 ? output : throw new InvalidOperationException($"the script ended with {code}: {errors}");
    }

    private static (int Code, string Output, string Errors) Start(string script, IReadOnlyList<string> arguments)
    {
        ProcessStartInfo start = new(Program, ["-c", script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
            process.Kill(entireProcessTree: true);
        process.WaitForExit();
        return (process.ExitCode, output.Result, errors.Result);
    }
}
