namespace Eigenscope.Experiments.Engines;

/// <summary>Runs other programs to their ends. Abstract, so that what a program answers can be prescribed.</summary>
public abstract class ProcessRunner
{
    /// <summary>Runs a program and waits for its end.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="cancellation">Ends the program with everything it started.</param>
    /// <returns>How it ended. A program that is missing, fails or takes too long is an answer, not an exception.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public ProcessOutcome Run(ProcessRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellation.ThrowIfCancellationRequested();
        return RunCore(request, cancellation);
    }

    /// <summary>Runs a program whose request was checked.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="cancellation">Ends the program with everything it started.</param>
    /// <returns>How it ended.</returns>
    protected abstract ProcessOutcome RunCore(ProcessRequest request, CancellationToken cancellation);
}
