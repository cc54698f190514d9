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

    private readonly int[] _indices;
    private readonly bool _repeats;

    internal SelectLayer(string name, int inputSize, int[] indices)
        : base(name, inputSize, indices.Length)
    {
        if (indices.Length == 0 || Array.Exists(indices, index => index < Nothing || index >= inputSize))
            throw new ArgumentException($"layer '{name}' selects from {inputSize} entries: expected at least one index, each from {Nothing} to {inputSize - 1}", nameof(indices));
        _indices = [.. indices];
        _repeats = Repeats(inputSize);
    }

    /// <summary>Where each output entry comes from; −1 for a zero.</summary>
    public IReadOnlyList<int> Indices => _indices;

    private protected override void Map<T>(ReadOnlyMatrixSpan<T> x, MatrixSpan<T> y)
    {
        for (int sample = 0; sample < x.Rows; sample++)
        {
            ReadOnlySpan<T> from = x.Row(sample);
            Span<T> to = y.Row(sample);
            for (int i = 0; i < to.Length; i++)
            {
                int index = _indices[i];
                to[i] = index >= 0 ? from[index] : T.Zero;
            }
        }
    }

    private protected override void MapTransposed<T>(ReadOnlyMatrixSpan<T> outputCotangent, MatrixSpan<T> inputCotangent)
    {
        if (_repeats)
            SumBack(outputCotangent, inputCotangent);
        else
            PutBack(outputCotangent, inputCotangent);
    }

    private void PutBack<T>(ReadOnlyMatrixSpan<T> outputCotangent, MatrixSpan<T> inputCotangent)
        where T : unmanaged
    {
        inputCotangent.Clear();
        for (int sample = 0; sample < outputCotangent.Rows; sample++)
        {
            ReadOnlySpan<T> from = outputCotangent.Row(sample);
            Span<T> to = inputCotangent.Row(sample);
            for (int i = 0; i < from.Length; i++)
            {
                if (_indices[i] >= 0)
                    to[_indices[i]] = from[i];
            }
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
