using System.CommandLine;
using Eigenscope.Experiments.Doctor;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Cli.Commands;

/// <summary><c>eigenscope doctor</c>.</summary>
internal static class DoctorCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandRunner runner)
    {
        SharedOptions shared = new();
        Command command = new("doctor", "Say what this machine offers (kernels, threads, memory, folders, data), and what to do where something is missing");
        shared.AddTo(command);
        command.SetAction(parsed =>
        {
            RunSettings settings = shared.Settings(parsed, runner.Context);
            CommandRequest request = new() { Settings = settings, Json = shared.Json(parsed), IsQuiet = shared.IsQuiet(parsed) };
            return runner.Run(request, _ => Checkup.Run(settings, runner.Context.Variable("OPENBLAS_CORETYPE"), runner.Context.Time, runner.Interruption));
        });
        return command;
    }
}
