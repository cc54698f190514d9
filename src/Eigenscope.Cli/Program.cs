using System.Runtime.InteropServices;
using Eigenscope.Cli;

using CancellationTokenSource interruption = new();

// The first signal asks the run to stop and to save what it has; a later one ends the program on the spot. Some programs that send signals send each of them twice, to the process and to its group.
TimeSpan sameSignal = TimeSpan.FromSeconds(0.5);
long first = 0;
void Interrupt(PosixSignalContext signal)
{
    signal.Cancel = true;
    if (interruption.IsCancellationRequested)
    {
        if (TimeProvider.System.GetElapsedTime(first) < sameSignal)
            return;
        // The progress line hides the cursor, and nobody is left to bring it back.
        if (!Console.IsErrorRedirected)
            Console.Error.WriteLine("\u001b[?25h");
        Environment.Exit(ExitCode.Interrupted);
    }
    first = TimeProvider.System.GetTimestamp();
    interruption.Cancel();
}

using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
using SystemConsole console = new();
return new CliApplication(console.Context, new CliServices()).Run(args, interruption.Token);
