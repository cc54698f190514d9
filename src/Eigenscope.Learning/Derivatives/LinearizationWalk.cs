using System.Numerics;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Derivatives;

/// <summary>The slices of a linearised objective, in parts that run side by side: kept from the first pass, or filled again on every walk where they do not fit the budget.</summary>
internal sealed class LinearizationWalk<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private LinearizationMemory<T>? _memory;

    public LinearizationWalk(TypedObjective<T> objective, ReadOnlySpan<double> parameters)
    {
        Objective = objective;
        long bytes = objective.StateBytes;
        KeepsActivations = bytes <= objective.Options.ActivationBudget;
        ActivationBytes = KeepsActivations ? bytes : 0;
        _memory = objective.RentMemory(KeepsActivations);
        TensorPrimitives.ConvertTruncating<double, T>(parameters, _memory.Parameters);
        Value = WalkPrimal();
    }

    public TypedObjective<T> Objective { get; }

    public Network Network => Objective.Network;

    public NetworkPass<T> Pass => Objective.Pass;

    public Compute Compute => Objective.Compute;

    public bool KeepsActivations { get; }

    public long ActivationBytes { get; }

    public LossValue Value { get; }

    /// <summary>Σ w_i, 1 unless the user says otherwise.</summary>
    public double TotalWeight => Objective.Options.SampleWeights?.Sum() ?? 1.0;

    public LinearizationMemory<T> Memory => _memory ?? throw new ObjectDisposedException(nameof(Linearization));

    public ReadOnlySpan<T> Theta => Memory.Parameters;

    /// <summary>Where cotangents of the logits begin their way down.</summary>
    public MatrixSpan<T> Top(LinearizationPart<T> part, int rows) => part.Buffers.Passing(Network.Layers.Count, rows);

    public void Dispose()
    {
        if (_memory is not { } memory)
            return;
        _memory = null;
        Objective.ReturnMemory(memory);
    }

    /// <summary>Runs every part, its sums emptied first: <paramref name="length"/> entries for each of the vectors. A walk that sums nothing says 0.</summary>
    public void Run(int vectors, int length, Action<LinearizationPart<T>> body)
    {
        LinearizationPart<T>[] parts = Memory.Parts;
        Memory.Reserve(vectors);
        Compute.ForEachPart(parts.Length, index =>
        {
            for (int vector = 0; vector < (length > 0 ? vectors : 0); vector++)
                parts[index].Accumulators[vector].Clear(length);
            body(parts[index]);
        });
    }

    /// <summary>The slices of one part, each with the index of its first sample.</summary>
    public IEnumerable<(SliceState<T> Slice, int Start)> Slices(LinearizationPart<T> part)
    {
        int index = 0;
        foreach ((int start, int count) in Objective.Slices(part.Index))
        {
            SliceState<T> slice = part.States[KeepsActivations ? index++ : 0];
            if (!KeepsActivations)
                WalkPrimal(slice, start, count);
            yield return (slice, start);
        }
    }

    private LossValue WalkPrimal()
    {
        LinearizationPart<T>[] parts = Memory.Parts;
        double[] losses = new double[parts.Length];
        int[] correct = new int[parts.Length];
        Run(0, 0, part =>
        {
            int index = 0;
            foreach ((int start, int count) in Objective.Slices(part.Index))
            {
                SliceState<T> slice = part.States[KeepsActivations ? index++ : 0];
                losses[part.Index] += WalkPrimal(slice, start, count);
                correct[part.Index] += Objective.CountCorrect(slice);
            }
        });
        return new LossValue(losses.Sum(), (double)correct.Sum() / Objective.SampleCount);
    }

    private double WalkPrimal(SliceState<T> slice, int start, int count)
    {
        Objective.Load(slice, start, count);
        Pass.Up(slice, Theta, keep: true);
        double loss = Pass.EvaluateLoss(slice);
        Pass.Down(slice, Theta, default, keepCurvature: true);
        return loss;
    }
}
