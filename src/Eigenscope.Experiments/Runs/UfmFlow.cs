using System.Numerics;
using Eigenscope.Analysis;
using Eigenscope.Analysis.Ranks;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Numerics.Tensors;
using Eigenscope.Theory.ImplicitBias;

namespace Eigenscope.Experiments.Runs;

/// <summary>Puts gradient flow beside gradient descent without decay from a Hadamard start; the flow starts with the singular values of the run's first class-mean logits, and knows nothing else of the run but its time.</summary>
internal sealed class UfmFlow(UfmPlan plan, UfmSolutions solutions)
{
    // No run gets there: the time ends it.
    private const double NoLoss = 1e-90;

    /// <summary>The comparison, or why there is none; neither where the options have no such flow.</summary>
    public (FlowReport? Report, string? Reason) Compare(TrainedUfm trained)
    {
        if (!UfmRecipe.IsHadamardFlow(plan.Options))
            return (null, null);
        try
        {
            return (Follow(trained), null);
        }
        catch (Exception failure) when (failure is ArithmeticException or ArgumentException)
        {
            // The descent stands, whatever becomes of what it is compared with.
            return (null, $"the flow could not be followed: {failure.Message.ReplaceLineEndings(" ").TrimEnd('.')}");
        }
    }

    private FlowReport Follow(TrainedUfm trained)
    {
        double[] start = Gains(trained.Snapshots[0].Parameters);
        double[] measured = Gains(trained.Snapshots[^1].Parameters);
        // The constant is no part of the loss, and centred logits do not show it.
        double[] sizes = [1.0, .. start.Skip(1).Select(gain => Math.Pow(gain, 1.0 / (plan.Options.Depth + 1)))];
        HadamardFlowOptions options = new() { Depth = plan.Options.Depth, PerClass = plan.Options.PerClass };
        double time = UfmRecipe.GradientDescentRate(plan.Options) * trained.Reported.Iterations;
        HadamardFlowEnd end = HadamardFlow.Follow(sizes, options with { StopLoss = NoLoss, StopTime = time });
        int[] order = [.. Enumerable.Range(1, plan.Classes - 1).OrderByDescending(i => end.LogitSingularValues[i])];
        return new FlowReport(
            time,
            end.Loss,
            [.. order.Select(i => end.LogitSingularValues[i])],
            [.. order.Select(i => measured[i])],
            order.Max(i => Math.Abs(end.LogitSingularValues[i] - measured[i])),
            end.EffectiveRank,
            EffectiveRank(measured),
            HadamardFlow.Follow(sizes, options).EffectiveRank);
    }

    // u_iᵀ M u_i of the class-mean logits M, with the columns u_i of the Walsh–Hadamard matrix / √K.
    private double[] Gains(ReadOnlySpan<double> parameters)
    {
        Tensor<double> means = solutions.ClassMeanLogits(parameters);
        double[] gains = new double[plan.Classes];
        for (int i = 0; i < plan.Classes; i++)
        {
            for (int c = 0; c < plan.Classes; c++)
            {
                for (int other = 0; other < plan.Classes; other++)
                    gains[i] += means[c, other] * (int.IsEvenInteger(BitOperations.PopCount((uint)(i & (c ^ other)))) ? 1.0 : -1.0) / plan.Classes;
            }
        }
        return gains;
    }

    private static Number EffectiveRank(double[] gains) => RankProfile.FromSingularValues([.. gains.Skip(1).Select(Math.Abs).OrderDescending()], new RankOptions { TargetRank = gains.Length - 1 }).EffectiveRank;
}
