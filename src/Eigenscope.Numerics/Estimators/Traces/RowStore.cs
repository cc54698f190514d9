using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Estimators.Traces;

/// <summary>Vectors kept as the rows of one array that grows.</summary>
internal sealed class RowStore(int columns)
{
    private double[] _data = [];

    public int Count { get; private set; }

    public MatrixSpan<double> All => Rows(0, Count);

    public MatrixSpan<double> Rows(int start, int count) => new(_data.AsSpan(start * columns), count, columns);

    /// <summary>Appends rows of zeros, to be filled by the caller.</summary>
    public MatrixSpan<double> Append(int count)
    {
        long needed = (long)(Count + count) * columns;
        if (needed > Array.MaxLength)
            throw new ArgumentException($"expected to keep at most {Array.MaxLength} numbers, got {Count + count} vectors of {columns}; allow fewer products, or take Hutchinson's estimator", nameof(count));
        Array.Resize(ref _data, (int)needed);
        Count += count;
        return Rows(Count - count, count);
    }

    /// <summary>Forgets the last rows.</summary>
    public void RemoveLast(int count) => Count -= count;
}
