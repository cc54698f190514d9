using System.Numerics;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Networks;

/// <summary>
/// A table of free features, one row per sample: the features of an unconstrained feature model (Mixon, Parshall and Pi, 2011.11619), or an embedding. Its input is one entry, the sample's
/// index i; its output is row i of the table. Samples that share an index share the row, and their gradients add. It can only be a network's first layer: an index has no derivative.
/// </summary>
public sealed class FeatureTableLayer : Layer
{
    /// <summary>The most rows a table can have, 2²⁴: every index is then exact in single precision.</summary>
    public const int MaxSamples = 1 << 24;

    private readonly ParameterBlock[] _parameters;
    private readonly int _blockIndex;

    internal FeatureTableLayer(string name, ParameterBlock table, int blockIndex)
        : base(name, 1, table.Shape[1])
    {
        Table = table;
        _parameters = [table];
        _blockIndex = blockIndex;
    }

    /// <summary>The table, samples × features.</summary>
    public ParameterBlock Table { get; }

    /// <summary>Rows of the table.</summary>
    public int Samples => Table.Shape[0];

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterBlock> Parameters => _parameters;

    /// <inheritdoc/>
    public override bool IsPiecewiseLinear => true;

    internal override bool ValueInPlace => false;

    internal override bool TangentInPlace => false;

    internal override int StashSize => 0;

    /// <summary>The inputs of samples that each own the row of their own number.</summary>
    /// <param name="samples">N, 1 … <see cref="MaxSamples"/>.</param>
    /// <returns>N × 1: 0, 1, …, N − 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">N is out of range.</exception>
    public static Tensor<double> Indices(int samples)
    {
        RequireSamples(samples, nameof(samples));
        Tensor<double> indices = new(samples, 1);
        for (int i = 0; i < samples; i++)
            indices[i, 0] = i;
        return indices;
    }

    internal static void RequireSamples(int samples, string name)
    {
        if (samples is < 1 or > MaxSamples)
            throw new ArgumentOutOfRangeException(name, samples, $"expected a number of samples in 1 … {MaxSamples}");
    }

    internal override void RequireInputs(ReadOnlySpan<double> inputs)
    {
        for (int i = 0; i < inputs.Length; i++)
        {
            if (!(inputs[i] >= 0.0 && inputs[i] < Samples && double.IsInteger(inputs[i])))
                throw new ArgumentException($"the input of sample {i} is {inputs[i]}, but layer '{Name}' expects the index of one of its rows, a whole number in 0 … {Samples - 1}", nameof(inputs));
        }
    }

    internal override void Value<T>(BlasBackend blas, ReadOnlySpan<T> parameters, ReadOnlyMatrixSpan<T> x, MatrixSpan<T> y, Span<T> stash, bool keep) =>
        Gather(parameters.Slice(Table.Offset, Table.Length), x, y);

    internal override void Tangent<T>(BlasBackend blas, ReadOnlySpan<T> parameters, ParameterTangent<T> direction, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> dx, MatrixSpan<T> dy)
    {
        if (direction.IsActive(_blockIndex))
            Gather(direction.Block(Table), slice.Input, dy);
        else
            dy.Clear();
    }

    internal override void Pullback<T>(BlasBackend blas, ReadOnlySpan<T> parameters, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> outputCotangent, MatrixSpan<T> inputCotangent, ParameterGradient<T> wanted)
    {
        if (!wanted.IsActive(_blockIndex))
            return;
        Span<T> gradient = wanted.Block(Table);
        for (int i = 0; i < outputCotangent.Rows; i++)
        {
            Span<T> row = gradient.Slice(Start(slice.Input[i, 0]), OutputSize);
            TensorPrimitives.Add(row, outputCotangent.Row(i), row);
        }
    }

    internal override void AddCurvature<T>(BlasBackend blas, ParameterTangent<T> direction, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> dx, MatrixSpan<T> inputCotangent, ParameterGradient<T> wanted)
    {
        // The output is linear in the table, and nothing below it moves.
    }

    private void Gather<T>(ReadOnlySpan<T> table, ReadOnlyMatrixSpan<T> indices, MatrixSpan<T> rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < rows.Rows; i++)
            table.Slice(Start(indices[i, 0]), OutputSize).CopyTo(rows.Row(i));
    }

    private int Start<T>(T index)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => int.CreateTruncating(index) * OutputSize;
}
