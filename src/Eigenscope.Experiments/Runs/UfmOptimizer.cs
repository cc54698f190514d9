using System.Globalization;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Training;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Experiments.Runs;

/// <summary>One descent: the parameters that were kept on the way, the last at its end, and how it ended.</summary>
internal sealed record UfmDescent(IReadOnlyList<Snapshot> Snapshots, string Status, int Iterations, double Loss, double Stationarity);

/// <summary>
/// Descends from a start with the optimiser that the plan names, keeping parameters at the moments to measure at. With a ReLU, the second-order search begins where Adam (rate 1e-2, cosine to zero) leaves it: from a
/// random start it would soon stop at a kink.
/// </summary>
internal sealed class UfmOptimizer(UfmPlan plan, Objective objective, RunClock clock)
{
    private const double AdamRate = 1e-2;
    private const int AnnounceEvery = 20;
    private const double TypicalIterations = 500.0;

    // Far below it, the loss of every known solution but zero differs from zero's.
    private const double Vanished = 1e-8;
    private const double LossRounding = 1e-15;

    public UfmDescent Minimize(double[] initial, Action<RunProgress>? progress, CancellationToken cancellation)
    {
        SnapshotRecorder recorder = new(initial, plan.MeasuredIterations, clock);
        if (plan.Options.Optimizer is "newton")
            return RunNewton(initial, recorder, progress, cancellation);
        SgdOptions descent = new() { LearningRate = UfmRecipe.GradientDescentRate(plan.Options), Momentum = 0.0 };
        TrainingOutcome outcome = Train(descent, new LearningRateSchedule.Constant(), UfmRecipe.GradientDescentSteps(plan.Options), initial, recorder, progress, cancellation);
        return Ended(outcome, recorder);
    }

    private UfmDescent Ended(TrainingOutcome outcome, SnapshotRecorder recorder)
    {
        recorder.End(outcome.Steps, outcome.State.Parameters);
        (double loss, double norm) = Evaluate(recorder.Last);
        string status = double.IsFinite(loss) ? outcome.Status.ToString().ToLowerInvariant() : "diverged";
        return new UfmDescent(recorder.Snapshots, status, outcome.Steps, loss, norm);
    }

    private UfmDescent RunNewton(double[] initial, SnapshotRecorder recorder, Action<RunProgress>? progress, CancellationToken cancellation)
    {
        double[] start = initial;
        int before = 0;
        if (!plan.IsLinear)
        {
            TrainingOutcome adam = Train(new AdamOptions { LearningRate = AdamRate }, new LearningRateSchedule.Cosine(), UfmRecipe.AdamSteps(plan.Options), initial, recorder, progress, cancellation);
            if (adam.Status != TrainingStatus.Finished)
                return Ended(adam, recorder);
            (start, before) = (adam.State.Parameters, adam.Steps);
        }
        MinimizationOutcome outcome = new SecondOrderMinimizer(objective, plan.Decay, SecondOrder()).Run(
            start,
            step =>
            {
                int iteration = before + step.LbfgsIterations + step.NewtonIterations;
                recorder.Keep(iteration, step.Parameters.Span);
                if (iteration % AnnounceEvery == 0)
                    progress?.Invoke(new RunProgress("minimising", Math.Min(1.0, (iteration - before) / TypicalIterations), string.Create(CultureInfo.InvariantCulture, $"iteration {iteration} · loss {step.Loss:G6} · gradient {step.GradientNorm:E1}")));
            },
            cancellation);
        (double loss, double stationarity) = Settle(outcome);
        int iterations = before + outcome.LbfgsIterations + outcome.NewtonIterations;
        recorder.End(iterations, outcome.Parameters);
        return new UfmDescent(recorder.Snapshots, StatusName(outcome.Status), iterations, loss, stationarity);
    }

    private SecondOrderOptions SecondOrder()
    {
        SecondOrderOptions options = new()
        {
            GradientTolerance = plan.GradientTolerance,
            LbfgsIterations = UfmRecipe.LbfgsIterations(plan.Options),
            NewtonIterations = UfmRecipe.NewtonIterations(plan.Options),
        };
        // At kinks first-order steps get further: Newton takes over only when they find no descent.
        return plan.IsLinear ? options : options with { LbfgsTolerance = 0.0 };
    }

    private TrainingOutcome Train(OptimizerOptions optimizer, LearningRateSchedule schedule, int steps, double[] initial, SnapshotRecorder recorder, Action<RunProgress>? progress, CancellationToken cancellation)
    {
        TrainingOptions options = new() { Optimizer = optimizer, Epochs = steps, BatchSize = 0, Schedule = schedule };
        // With all samples in one batch nothing is drawn from the stream.
        Trainer trainer = new(objective, plan.Decay, options, new RandomStream(0));
        return trainer.Run(
            TrainingState.Initial(initial),
            (step, state) =>
            {
                recorder.Keep(step.Step, state.Parameters);
                if (step.Step % AnnounceEvery == 0)
                    progress?.Invoke(new RunProgress("descending", step.Step / (double)steps, string.Create(CultureInfo.InvariantCulture, $"step {step.Step}/{steps} · data loss {step.Loss:G6}")));
            },
            cancellation);
    }

    // A descent to zero ends at entries of 1e-30 or so, whose angles and ranks mean nothing. Where zero itself is no worse, that is where it was going.
    private (double Loss, double Stationarity) Settle(MinimizationOutcome outcome)
    {
        double[] zero = [.. outcome.Parameters];
        foreach (ParameterBlock block in plan.Joint.Blocks)
        {
            Span<double> entries = zero.AsSpan(block.Offset, block.Length);
            if (block.IsBias)
                continue;
            if (System.Numerics.Tensors.TensorPrimitives.MaxMagnitude<double>(entries) is not (> -Vanished and < Vanished))
                return (outcome.Loss, outcome.GradientNorm);
            entries.Clear();
        }
        (double loss, double norm) = Evaluate(zero);
        if (loss > outcome.Loss * (1.0 + LossRounding) || norm > outcome.GradientNorm)
            return (outcome.Loss, outcome.GradientNorm);
        zero.CopyTo(outcome.Parameters, 0);
        return (loss, norm);
    }

    private (double Loss, double GradientNorm) Evaluate(double[] parameters)
    {
        double[] gradient = new double[parameters.Length];
        double loss = objective.Gradient(parameters, gradient).Loss + plan.Decay.Penalty(parameters);
        plan.Decay.AddGradient(parameters, gradient);
        return (loss, NetworkMeasurement.Norm(gradient));
    }

    private static string StatusName(MinimizationStatus status) => status switch
    {
        MinimizationStatus.Converged => "converged",
        MinimizationStatus.Stalled => "stalled",
        MinimizationStatus.BudgetExhausted => "budget-exhausted",
        MinimizationStatus.Interrupted => "interrupted",
        MinimizationStatus.Diverged => "diverged",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "unknown status"),
    };
}
