using System.Numerics;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Derivatives;

/// <summary>
/// The arrays of one linearisation. Taking tens of megabytes from the system costs more than the passes that fill them, so an objective keeps those of a linearisation that was disposed for the next.
/// </summary>
internal sealed class LinearizationMemory<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public LinearizationMemory(TypedObjective<T> objective, bool keepsActivations)
    {
        int count = objective.Network.ParameterCount;
        Parameters = new T[count];
        Direction = new T[count];
        Parts = new LinearizationPart<T>[objective.PartCount];
        for (int i = 0; i < Parts.Length; i++)
            Parts[i] = new LinearizationPart<T>(objective, i, keepsActivations);
        Accumulators = [.. Parts.Select(static part => part.Accumulator)];
    }

    public T[] Parameters { get; }

    public T[] Direction { get; }

    public LinearizationPart<T>[] Parts { get; }

    public GradientAccumulator<T>[] Accumulators { get; }
}

/// <summary>One part of the samples: its kept slices and its scratch.</summary>
internal sealed class LinearizationPart<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public LinearizationPart(TypedObjective<T> objective, int index, bool keepsActivations)
    {
        Index = index;
        IEnumerable<int> capacities = keepsActivations ? objective.Slices(index).Select(static slice => slice.Count) : [objective.SliceCapacity];
        States = [.. capacities.Select(capacity => new SliceState<T>(objective.Network, capacity))];
        Buffers = new TangentBuffers<T>(objective.Network, objective.SliceCapacity);
        Accumulator = new GradientAccumulator<T>(objective.Network.ParameterCount);
    }

    public int Index { get; }

    public SliceState<T>[] States { get; }

    public TangentBuffers<T> Buffers { get; }

    public GradientAccumulator<T> Accumulator { get; }

    public ParameterGradient<T> Target(ParameterScope scope) => new(Accumulator.Target[..scope.Length], scope.Offset, scope.Active);
}
