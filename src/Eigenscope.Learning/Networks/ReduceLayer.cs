using System.Buffers;
using System.Numerics.Tensors;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Networks;

/// <summary>y_t = f Σ x_i over the entries i whose target is t: sums (f = 1) and means (f = one over their number) along any axes of one sample. Summed in double.</summary>
public sealed class ReduceLayer : FixedLinearLayer
{
    private readonly int[] _targets;

    internal ReduceLayer(string name, int inputSize, int outputSize, int[] targets, double factor)
        : base(name, inputSize, outputSize)
    {
        if (inputSize < 1 || outputSize < 1 || targets.Length != inputSize || Array.Exists(targets, target => (uint)target >= (uint)outputSize))
            throw new ArgumentException($"layer '{name}' reduces {inputSize} entries to {outputSize}: expected a target from 0 to {outputSize - 1} for each, got {targets.Length} targets", nameof(targets));
        if (!double.IsFinite(factor))
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "expected a finite factor");
        _targets = [.. targets];
        Factor = factor;
    }

    /// <summary>Which output each input entry is added to.</summary>
    public IReadOnlyList<int> Targets => _targets;

    /// <summary>f, the factor on every sum.</summary>
    public double Factor { get; }

    private protected override void Map<T>(ReadOnlyMatrixSpan<T> x, MatrixSpan<T> y)
    {
        double[] rented = ArrayPool<double>.Shared.Rent(OutputSize);
        Span<double> sums = rented.AsSpan(0, OutputSize);
        for (int sample = 0; sample < x.Rows; sample++)
        {
            ReadOnlySpan<T> from = x.Row(sample);
            sums.Clear();
            for (int i = 0; i < from.Length; i++)
                sums[_targets[i]] += double.CreateTruncating(from[i]);
            TensorPrimitives.Multiply(sums, Factor, sums);
            TensorPrimitives.ConvertTruncating<double, T>(sums, y.Row(sample));
        }
        ArrayPool<double>.Shared.Return(rented);
    }

    private protected override void MapTransposed<T>(ReadOnlyMatrixSpan<T> outputCotangent, MatrixSpan<T> inputCotangent)
    {
        T factor = T.CreateTruncating(Factor);
        for (int sample = 0; sample < outputCotangent.Rows; sample++)
        {
            ReadOnlySpan<T> from = outputCotangent.Row(sample);
            Span<T> to = inputCotangent.Row(sample);
            for (int i = 0; i < to.Length; i++)
                to[i] = from[_targets[i]] * factor;
        }
    }
}
