using Eigenscope.Experiments.Reports;
using Eigenscope.Numerics.Estimators;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;

namespace Eigenscope.Experiments.Runs;

/// <summary>Eigenpairs of an operator with the report on them.</summary>
internal sealed record MeasuredSpectrum(SpectrumReport Report, EigenPairs Pairs);

/// <summary>Solves for the spectrum of one operator; the random start depends on the operator's name and scope only.</summary>
internal sealed class SpectrumMeasurement(Compute compute, RandomStream random, int samples, bool includesWeightDecay, CancellationToken cancellation)
{
    private const int TraceProbes = 32;
    private const string Interrupted = "the run was interrupted before it";

    /// <summary>Solves for eigenpairs and, if wanted, estimates the trace.</summary>
    public MeasuredSpectrum Measure(string name, string scope, LinearOperator operand, EigenOptions options, IProgress<EigenProgress>? progress = null, bool wantsTrace = true)
    {
        RandomStream stream = random.Split($"{name} {scope}");
        EigenPairs pairs = SymmetricEigensolver.Solve(operand, options, compute, stream.Split("start"), progress, cancellation);
        Estimate? trace = wantsTrace && WhyNoTrace(pairs) is null ? Trace(pairs, operand, stream.Split("trace")) : null;
        SpectrumReport report = new()
        {
            Operator = name,
            Scope = scope,
            Dimension = pairs.Dimension,
            Samples = samples,
            IncludesWeightDecay = includesWeightDecay,
            Method = pairs.Method,
            Complete = pairs.IsComplete,
            Eigenvalues = pairs.Values,
            Residuals = pairs.Residuals,
            Smallest = pairs.Smallest,
            SmallestResiduals = pairs.SmallestResiduals,
            Multiplicities = pairs.Multiplicities,
            MultiplicityTolerance = pairs.MultiplicityTolerance,
            Status = StatusName(pairs.Convergence.Status),
            Message = pairs.Convergence.Message,
            OperatorApplications = pairs.Convergence.OperatorApplications,
            Trace = trace,
            TraceReason = trace is null ? WhyNoTrace(pairs) : null,
        };
        return new MeasuredSpectrum(report, pairs);
    }

    private string? WhyNoTrace(EigenPairs pairs) => pairs.Convergence.Status switch
    {
        ConvergenceStatus.NonFinite => "a product held a NaN or an infinity",
        ConvergenceStatus.Interrupted => Interrupted,
        _ => !pairs.IsComplete && cancellation.IsCancellationRequested ? Interrupted : null,
    };

    // Null when it was interrupted.
    private Estimate? Trace(EigenPairs pairs, LinearOperator operand, RandomStream stream)
    {
        if (pairs.IsComplete)
            return Estimate.Exact(pairs.Values.Sum());
        try
        {
            TraceOptions options = new() { Method = TraceMethod.Hutchinson, RelativeTarget = 0.0, MaxApplications = TraceProbes };
            return TraceEstimator.Estimate(operand, options, compute, stream, cancellation).Trace;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    public static string StatusName(ConvergenceStatus status) => status switch
    {
        ConvergenceStatus.Converged => "converged",
        ConvergenceStatus.InvariantSubspace => "invariant-subspace",
        ConvergenceStatus.BudgetExhausted => "budget-exhausted",
        ConvergenceStatus.NonFinite => "non-finite",
        ConvergenceStatus.Interrupted => "interrupted",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "unknown status"),
    };
}
