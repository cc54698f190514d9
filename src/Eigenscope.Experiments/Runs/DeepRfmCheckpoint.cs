using System.Text.Json;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Learning.Kernels;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Training;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;

namespace Eigenscope.Experiments.Runs;

/// <summary>The network that the layers of Deep RFM make, as a checkpoint whose note says, as JSON, what network it is and how its inputs are scaled.</summary>
internal static class DeepRfmCheckpoint
{
    // A head needs some ridge: more features than samples have a singular Gram matrix.
    private const double LeastRidge = 1e-3;

    /// <summary>Writes the file, whole or not at all.</summary>
    /// <exception cref="RunFailedException">The head's ridge regression cannot be solved.</exception>
    public static void Save(string path, DeepRfmPlan plan, DeepRfmModel model, Compute compute)
    {
        double ridge = plan.Options.Machine.Ridge > 0.0 ? plan.Options.Machine.Ridge : LeastRidge;
        (Network network, double[] parameters) = Build(model, ridge, compute);
        int[] widths = [plan.Inputs.Columns, .. Enumerable.Repeat(plan.Options.Width, plan.Options.Layers), plan.Classes];
        Note note = new("deep-rfm", plan.Options.Features, widths, ridge, plan.Data.Train.ClassNames, plan.Scaling?.Means, plan.Scaling?.Scales);
        TrainingState state = TrainingState.Initial(parameters);
        Checkpoint.Save(path, network, state, JsonSerializer.Serialize(note));
    }

    private static (Network Network, double[] Parameters) Build(DeepRfmModel model, double ridge, Compute compute)
    {
        try
        {
            return model.ToNetwork(ridge, compute);
        }
        catch (LinearAlgebraException failure)
        {
            throw new RunFailedException($"--save: {failure.Message}", failure);
        }
    }

    private sealed record Note(string Command, string Features, IReadOnlyList<int> Widths, double HeadRidge, IReadOnlyList<string> Classes, IReadOnlyList<double>? Means, IReadOnlyList<double>? Scales);
}
