using System.Numerics;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Derivatives;

/// <summary>
/// The arrays of one linearisation. Taking tens of megabytes from the system costs more than the passes that fill them, so an objective keeps those of a linearisation that was disposed for the next.
/// </summary>
internal sealed class LinearizationMemory<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MostVectors = 8;
    private const long VectorBytes = 256L << 20;
    private readonly int _parameterCount;
    private readonly List<T[]> _directions = [];
    private readonly List<GradientAccumulator<T>[]> _accumulators = [];

    public LinearizationMemory(TypedObjective<T> objective, bool keepsActivations)
    {
        _parameterCount = objective.Network.ParameterCount;
        Parameters = new T[objective.Network.StateLength];
        Parts = new LinearizationPart<T>[objective.PartCount];
        for (int i = 0; i < Parts.Length; i++)
            Parts[i] = new LinearizationPart<T>(objective, i, keepsActivations);
        VectorsAtOnce = keepsActivations && !SliceOutweighsVector(objective) ? 1 : (int)Math.Clamp(VectorBytes / BytesPerVector(), 1, MostVectors);
        Shifts = new double[VectorsAtOnce];
    }

    public T[] Parameters { get; }

    public LinearizationPart<T>[] Parts { get; }

    /// <summary>Vectors of a block that go through a slice of samples together; each needs a direction, and in every part a place where its products add.</summary>
    public int VectorsAtOnce { get; }

    /// <summary>One number for each vector of a block, for whoever runs the product.</summary>
    public double[] Shifts { get; }

    /// <summary>Makes room for the given number of vectors, once.</summary>
    public void Reserve(int vectors)
    {
        while (_directions.Count < vectors)
        {
            _directions.Add(new T[_parameterCount]);
            foreach (LinearizationPart<T> part in Parts)
                part.Accumulators.Add(new GradientAccumulator<T>(_parameterCount));
            int vector = _accumulators.Count;
            _accumulators.Add([.. Parts.Select(part => part.Accumulators[vector])]);
        }
    }

    public T[] Direction(int vector) => _directions[vector];

    /// <summary>Where the parts add the products of one vector.</summary>
    public GradientAccumulator<T>[] Accumulators(int vector) => _accumulators[vector];

    // What is kept is read again for every vector, or every vector's direction and sum for every slice: the larger of the two is passed once.
    private static unsafe bool SliceOutweighsVector(TypedObjective<T> objective) =>
        SliceState<T>.Bytes(objective.Network, objective.SliceCapacity) > 2L * objective.Network.ParameterCount * sizeof(T);

    private unsafe long BytesPerVector()
    {
        long perEntry = sizeof(T) + (Parts.Length * (sizeof(T) == sizeof(double) ? sizeof(double) : sizeof(T) + sizeof(double)));
        return Math.Max(1, perEntry * _parameterCount);
    }
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
    }

    public int Index { get; }

    public SliceState<T>[] States { get; }

    public TangentBuffers<T> Buffers { get; }

    /// <summary>One sum for each vector of a block.</summary>
    public List<GradientAccumulator<T>> Accumulators { get; } = [];

    public ParameterGradient<T> Target(ParameterScope scope, int vector = 0) => new(Accumulators[vector].Target[..scope.Length], scope);
}
