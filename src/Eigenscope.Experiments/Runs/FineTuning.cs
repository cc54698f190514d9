using System.Globalization;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Training;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Experiments.Runs;

/// <summary>Trains the factors on the training samples, as the model was trained: its optimiser, batches, schedule and weight decay, which now acts on the factors.</summary>
internal static class FineTuning
{
    /// <summary>Trains.</summary>
    /// <returns>The state at the end, that at the start where training diverged; and how it went.</returns>
    public static (TrainingState State, FineTuningReport Report) Run(CompressPlan plan, Network network, double[] state, Compute compute, RandomStream random, Action<RunProgress> progress, CancellationToken cancellation)
    {
        (TrainingOptions options, double? rate) = plan.Model.FineTuning(plan.Options, plan.Data.Train);
        Objective objective = Objective.Create(network, plan.Data.Train.AsSource(), plan.Loss, compute, plan.Objective);
        Trainer trainer = new(objective, WeightDecay.OnWeights(network, plan.Model.WeightDecay), options, random);
        TrainingState start = TrainingState.Initial(state);
        TrainingOutcome outcome = trainer.Run(start, (step, _) => progress(Describe(step)), cancellation);
        bool diverged = outcome.Status == TrainingStatus.Diverged;
        string status = outcome.Status.ToString().ToLowerInvariant();
        return (diverged ? start : outcome.State, new FineTuningReport(outcome.State.Epoch, rate, status));
    }

    private static RunProgress Describe(TrainingProgress step) =>
        new("fine-tuning", (double)step.Epoch / step.Epochs, string.Create(CultureInfo.InvariantCulture, $"epoch {step.Epoch}/{step.Epochs} · loss {step.Loss:G4} · accuracy {step.Accuracy:F3}"));
}
