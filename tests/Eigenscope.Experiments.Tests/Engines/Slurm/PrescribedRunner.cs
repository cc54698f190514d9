using Eigenscope.Experiments.Engines;

namespace Eigenscope.Experiments.Tests.Engines.Slurm;

/// <summary>Answers as it is told, and notes what was asked.</summary>
internal sealed class PrescribedRunner(Func<ProcessRequest, ProcessOutcome> answer) : ProcessRunner
{
    public List<string> Asked { get; } = [];

    public static PrescribedRunner Failing(int exitCode, string error) => new(_ => new ProcessOutcome(ProcessEnding.Exited, exitCode, "", error));

    protected override ProcessOutcome RunCore(ProcessRequest request, CancellationToken cancellation)
    {
        Asked.Add($"{request.Program} {string.Join(' ', request.Arguments)}");
        return answer(request);
    }
}
