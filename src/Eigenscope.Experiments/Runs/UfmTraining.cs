using System.Globalization;
using Eigenscope.Analysis;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Experiments.Runs;

/// <summary>The attempt that a run reports, with its snapshots of all parameters, and how every attempt went.</summary>
internal sealed record TrainedUfm(IReadOnlyList<Snapshot> Snapshots, UfmAttemptReport Reported, IReadOnlyList<UfmAttemptReport> Attempts);

/// <summary>
/// Minimises an unconstrained feature model from as many independent starts as asked for, and goes on from √2 larger random starts while the best attempt ended in a solution of lower rank whose objective is above
/// the collapsed one's. The attempt of lowest objective is kept.
/// </summary>
internal sealed class UfmTraining(UfmPlan plan, Objective objective, RandomStream random, RunClock clock, Action<RunProgress>? progress)
{
    // A run of lower rank whose objective exceeds the collapsed one by no more than rounding ended in a solution just as good.
    private const double SameLoss = 1e-6;
    private readonly List<UfmAttemptReport> _attempts = [];
    private UfmAttempt? _best;

    public TrainedUfm Run(CancellationToken cancellation)
    {
        UfmOptimizer optimizer = new(plan, objective, clock);
        UfmStart start = new(plan, objective.Compute);
        UfmSolutions solutions = new(plan, objective);
        double scale = plan.Options.InitScale;
        int most = plan.Options.Starts + (plan.Options.Start is "random" ? plan.Options.Restarts : 0);
        for (int attempt = 0; attempt == 0 || (attempt < most && !cancellation.IsCancellationRequested); attempt++)
        {
            if (attempt >= plan.Options.Starts)
            {
                if (!EndedTooHigh())
                    break;
                scale *= Math.Sqrt(2.0);
            }
            double[] initial = start.Draw(scale, random.Split(string.Create(CultureInfo.InvariantCulture, $"attempt {attempt}")));
            UfmDescent descent = optimizer.Minimize(initial, Announcer(attempt), cancellation);
            Take(Judge(descent, scale, solutions));
        }
        UfmAttempt best = _best!;
        if (best.Report.Status is "diverged")
            throw new RunFailedException(string.Create(CultureInfo.InvariantCulture, $"the objective became infinite in all {_attempts.Count} attempts; try a smaller --init-scale{(plan.Options.Optimizer is "gradient-descent" ? " or --learning-rate" : "")}"));
        UfmAttemptReport reported = best.Report with { IsReported = true };
        return new TrainedUfm(best.Descent.Snapshots, reported, [.. _attempts.Select(attempt => ReferenceEquals(attempt, best.Report) ? reported : attempt)]);
    }

    // Of all attempts but the best only the report is kept: snapshots are as large as the model.
    private void Take(UfmAttempt attempt)
    {
        _attempts.Add(attempt.Report);
        if (_best is null || (attempt.Report.Loss.Value ?? double.PositiveInfinity) < (_best.Report.Loss.Value ?? double.PositiveInfinity))
            _best = attempt;
    }

    private static UfmAttempt Judge(UfmDescent descent, double scale, UfmSolutions solutions)
    {
        bool diverged = descent.Status is "diverged";
        Number missing = Number.Undefined("the objective became infinite");
        RecognisedSolution solution = diverged ? new RecognisedSolution(0, 0, missing, null, "the objective became infinite") : solutions.Recognise(descent.Snapshots[^1].Parameters, descent.Stationarity);
        UfmAttemptReport report = new(
            scale,
            descent.Status,
            descent.Iterations,
            diverged ? missing : Number.Of(descent.Loss),
            diverged ? missing : Number.Of(descent.Stationarity),
            solution.Rank,
            solution.HiddenRank,
            solution.EffectiveRank,
            solution.Name,
            solution.Reason,
            IsReported: false);
        return new UfmAttempt(descent, report);
    }

    private bool EndedTooHigh()
    {
        UfmAttemptReport best = _best!.Report;
        if (best.Loss.Value is not { } loss)
            return true;
        return plan.Optimum is { IsZeroOptimal: false } optimum && best.Rank < optimum.Rank && loss > optimum.Loss * (1.0 + SameLoss);
    }

    private Action<RunProgress>? Announcer(int attempt)
    {
        if (progress is null)
            return null;
        string retry = attempt == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" · attempt {attempt + 1}");
        return step => progress(step with { Detail = step.Detail + retry });
    }

    private sealed record UfmAttempt(UfmDescent Descent, UfmAttemptReport Report);
}
