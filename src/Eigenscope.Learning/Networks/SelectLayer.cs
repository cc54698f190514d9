using System.Buffers;
using System.Numerics.Tensors;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Networks;

/// <summary>
/// y_i = x[indices_i], or 0 where the index is −1: slices, permutations, repetitions and padding of one sample's entries. An entry's cotangent is the sum of those of all places it went to.
/// </summary>
public sealed class SelectLayer : FixedLinearLayer
{
    /// <summary>The index that stands for a zero.</summary>
    public const int Nothing = -1;

    // Runs shorter than this on average are copied entry by entry.
    private const int WorthwhileRun = 8;

    private readonly int[] _indices;
    private readonly bool _repeats;
    private readonly (int To, int From, int Length)[] _runs;

    internal SelectLayer(string name, int inputSize, int[] indices)
        : base(name, inputSize, indices.Length)
    {
        if (indices.Length == 0 || Array.Exists(indices, index => index < Nothing || index >= inputSize))
            throw new ArgumentException($"layer '{name}' selects from {inputSize} entries: expected at least one index, each from {Nothing} to {inputSize - 1}", nameof(indices));
        _indices = [.. indices];
        _repeats = Repeats(inputSize);
        _runs = [.. Runs()];
        if (_runs.Length * WorthwhileRun > indices.Length)
            _runs = [];
    }

    /// <summary>Where each output entry comes from; −1 for a zero.</summary>
    public IReadOnlyList<int> Indices => _indices;

    private protected override void Map<T>(ReadOnlyMatrixSpan<T> x, MatrixSpan<T> y)
    {
        for (int sample = 0; sample < x.Rows; sample++)
        {
            if (_runs.Length > 0)
                CopyRuns(x.Row(sample), y.Row(sample));
            else
                Gather(x.Row(sample), y.Row(sample));
        }
    }

    private protected override void MapTransposed<T>(ReadOnlyMatrixSpan<T> outputCotangent, MatrixSpan<T> inputCotangent)
    {
        if (_repeats)
            SumBack(outputCotangent, inputCotangent);
        else
            PutBack(outputCotangent, inputCotangent);
    }

    private void CopyRuns<T>(ReadOnlySpan<T> x, Span<T> y)
    {
        foreach ((int to, int from, int length) in _runs)
        {
            if (from >= 0)
                x.Slice(from, length).CopyTo(y[to..]);
            else
                y.Slice(to, length).Clear();
        }
    }

    private void Gather<T>(ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged
    {
        for (int i = 0; i < y.Length; i++)
        {
            int index = _indices[i];
            y[i] = index >= 0 ? x[index] : default;
        }
    }

    private void PutBack<T>(ReadOnlyMatrixSpan<T> outputCotangent, MatrixSpan<T> inputCotangent)
        where T : unmanaged
    {
        inputCotangent.Clear();
        for (int sample = 0; sample < outputCotangent.Rows; sample++)
        {
            if (_runs.Length > 0)
                CopyRunsBack(outputCotangent.Row(sample), inputCotangent.Row(sample));
            else
                Scatter(outputCotangent.Row(sample), inputCotangent.Row(sample));
        }
    }

    private void CopyRunsBack<T>(ReadOnlySpan<T> outputCotangent, Span<T> inputCotangent)
    {
        foreach ((int to, int from, int length) in _runs)
        {
            if (from >= 0)
                outputCotangent.Slice(to, length).CopyTo(inputCotangent[from..]);
        }
    }

    private void Scatter<T>(ReadOnlySpan<T> outputCotangent, Span<T> inputCotangent)
    {
        for (int i = 0; i < outputCotangent.Length; i++)
        {
            if (_indices[i] >= 0)
                inputCotangent[_indices[i]] = outputCotangent[i];
        }
    }

    private void SumBack<T>(ReadOnlyMatrixSpan<T> outputCotangent, MatrixSpan<T> inputCotangent)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        double[] rented = ArrayPool<double>.Shared.Rent(InputSize);
        Span<double> sums = rented.AsSpan(0, InputSize);
        for (int sample = 0; sample < outputCotangent.Rows; sample++)
        {
            ReadOnlySpan<T> from = outputCotangent.Row(sample);
            sums.Clear();
            for (int i = 0; i < from.Length; i++)
            {
                if (_indices[i] >= 0)
                    sums[_indices[i]] += double.CreateTruncating(from[i]);
            }
            TensorPrimitives.ConvertTruncating<double, T>(sums, inputCotangent.Row(sample));
        }
        ArrayPool<double>.Shared.Return(rented);
    }

    // Neighbours that come from neighbours, or from nothing.
    private IEnumerable<(int To, int From, int Length)> Runs()
    {
        int start = 0;
        for (int i = 1; i <= _indices.Length; i++)
        {
            if (i < _indices.Length && _indices[i] == (_indices[i - 1] < 0 ? Nothing : _indices[i - 1] + 1))
                continue;
            yield return (start, _indices[start], i - start);
            start = i;
        }
    }

    private bool Repeats(int inputSize)
    {
        bool[] seen = new bool[inputSize];
        foreach (int index in _indices)
        {
            if (index >= 0 && seen[index])
                return true;
            if (index >= 0)
                seen[index] = true;
        }
        return false;
    }
}
