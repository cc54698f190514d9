using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Networks;

/// <summary>
/// A layer y = B(x, W) + b with B linear in each argument. A subclass gives B and its two adjoints; everything else is the product rule, written here once.
/// </summary>
public abstract class BilinearLayer : Layer
{
    private readonly ParameterBlock[] _parameters;
    private readonly int _firstBlockIndex;

    private protected BilinearLayer(string name, int inputSize, int outputSize, ParameterBlock weight, ParameterBlock? bias, int firstBlockIndex)
        : base(name, inputSize, outputSize)
    {
        Weight = weight;
        Bias = bias;
        _firstBlockIndex = firstBlockIndex;
        _parameters = bias is null ? [weight] : [weight, bias];
    }

    /// <summary>The weight W.</summary>
    public ParameterBlock Weight { get; }

    /// <summary>The bias b, or null.</summary>
    public ParameterBlock? Bias { get; }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<ParameterBlock> Parameters => _parameters;

    /// <inheritdoc/>
    public sealed override bool IsPiecewiseLinear => true;

    internal sealed override bool ValueInPlace => false;

    internal sealed override bool TangentInPlace => false;

    internal sealed override int StashSize => 0;

    /// <summary>Gradients in the weight, sample by sample: row i of the result is B(x_i, ·)ᵀ δ_i, for a dense layer δ_i ⊗ x_i. With a row of a logits' Jacobian as δ it is a row of the layer's Jacobian.</summary>
    /// <param name="inputs">x_i as rows, m × (input size).</param>
    /// <param name="outputCotangents">δ_i as rows, m × (output size).</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>m × (the weight's length).</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public Tensor<double> WeightGradients(ReadOnlyMatrixSpan<double> inputs, ReadOnlyMatrixSpan<double> outputCotangents, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(compute);
        if (inputs.Columns != InputSize || outputCotangents.Columns != OutputSize || inputs.Rows != outputCotangents.Rows)
            throw new ArgumentException($"expected rows of {InputSize} inputs and as many of {OutputSize} cotangents, got {inputs.Rows} × {inputs.Columns} and {outputCotangents.Rows} × {outputCotangents.Columns}", nameof(inputs));
        Tensor<double> gradients = new(inputs.Rows, Weight.Length);
        for (int i = 0; i < inputs.Rows; i++)
            PullWeight(compute.Blas, outputCotangents.RowRange(i, 1), inputs.RowRange(i, 1), gradients.Row(i));
        return gradients;
    }

    /// <summary>The layer's outputs B(x, W) + b, before any activation.</summary>
    /// <param name="inputs">x as rows, m × (input size).</param>
    /// <param name="parameters">The network's parameters, at least up to the layer's.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>m × (output size).</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public Tensor<double> Outputs(ReadOnlyMatrixSpan<double> inputs, ReadOnlySpan<double> parameters, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(compute);
        if (inputs.Columns != InputSize)
            throw new ArgumentException($"expected rows of {InputSize} inputs, got {inputs.Rows} × {inputs.Columns}", nameof(inputs));
        ParameterBlock last = Bias ?? Weight;
        if (parameters.Length < last.Offset + last.Length)
            throw new ArgumentException($"expected at least {last.Offset + last.Length} parameters, got {parameters.Length}", nameof(parameters));
        Tensor<double> outputs = new(inputs.Rows, OutputSize);
        Value(compute.Blas, parameters, inputs, outputs.AsMatrix(), [], keep: false);
        return outputs;
    }

    /// <summary>y ← B(x, w) + β y.</summary>
    private protected abstract void Product<T>(BlasBackend blas, ReadOnlyMatrixSpan<T> x, ReadOnlySpan<T> weight, T beta, MatrixSpan<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>δx ← B(·, w)ᵀ δy + β δx.</summary>
    private protected abstract void PullInput<T>(BlasBackend blas, ReadOnlyMatrixSpan<T> outputCotangent, ReadOnlySpan<T> weight, T beta, MatrixSpan<T> inputCotangent)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>g ← g + B(x, ·)ᵀ δy, summed over the samples of the slice.</summary>
    private protected abstract void PullWeight<T>(BlasBackend blas, ReadOnlyMatrixSpan<T> outputCotangent, ReadOnlyMatrixSpan<T> x, Span<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Adds the bias to every row of y: per output for a dense layer.</summary>
    private protected abstract void AddBias<T>(ReadOnlySpan<T> bias, MatrixSpan<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Adds the adjoint of <see cref="AddBias"/>.</summary>
    private protected abstract void PullBias<T>(ReadOnlyMatrixSpan<T> outputCotangent, Span<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    internal sealed override void Value<T>(BlasBackend blas, ReadOnlySpan<T> parameters, ReadOnlyMatrixSpan<T> x, MatrixSpan<T> y, Span<T> stash, bool keep)
    {
        Product(blas, x, Slice(parameters, Weight), T.Zero, y);
        if (Bias is not null)
            AddBias(Slice(parameters, Bias), y);
    }

    internal sealed override void Tangent<T>(BlasBackend blas, ReadOnlySpan<T> parameters, ParameterTangent<T> direction, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> dx, MatrixSpan<T> dy)
    {
        bool written = dx.Rows > 0;
        if (written)
            Product(blas, dx, Slice(parameters, Weight), T.Zero, dy);
        if (direction.IsActive(_firstBlockIndex))
        {
            Product(blas, slice.Input, direction.Block(Weight), written ? T.One : T.Zero, dy);
            written = true;
        }
        if (!written)
            dy.Clear();
        if (Bias is not null && direction.IsActive(_firstBlockIndex + 1))
            AddBias(direction.Block(Bias), dy);
    }

    internal sealed override void Pullback<T>(BlasBackend blas, ReadOnlySpan<T> parameters, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> outputCotangent, MatrixSpan<T> inputCotangent, ParameterGradient<T> wanted)
    {
        if (wanted.IsActive(_firstBlockIndex))
            PullWeight(blas, outputCotangent, slice.Input, wanted.Block(Weight));
        if (Bias is not null && wanted.IsActive(_firstBlockIndex + 1))
            PullBias(outputCotangent, wanted.Block(Bias));
        if (inputCotangent.Rows > 0)
            PullInput(blas, outputCotangent, Slice(parameters, Weight), T.Zero, inputCotangent);
    }

    internal sealed override void AddCurvature<T>(BlasBackend blas, ParameterTangent<T> direction, LayerSlice<T> slice, ReadOnlyMatrixSpan<T> dx, MatrixSpan<T> inputCotangent, ParameterGradient<T> wanted)
    {
        if (dx.Rows > 0 && wanted.IsActive(_firstBlockIndex))
            PullWeight(blas, slice.OutputCotangent, dx, wanted.Block(Weight));
        if (inputCotangent.Rows > 0 && direction.IsActive(_firstBlockIndex))
            PullInput(blas, slice.OutputCotangent, direction.Block(Weight), T.One, inputCotangent);
    }

    private protected static ReadOnlySpan<T> Slice<T>(ReadOnlySpan<T> parameters, ParameterBlock block) =>
        parameters.Slice(block.Offset, block.Length);

    private protected static void AddToRows<T>(ReadOnlySpan<T> bias, MatrixSpan<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < y.Rows; i++)
        {
            Span<T> row = y.Row(i);
            TensorPrimitives.Add(row, bias, row);
        }
    }

    private protected static void SumRows<T>(ReadOnlyMatrixSpan<T> rows, Span<T> sum)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] total = ArrayPool<double>.Shared.Rent(rows.Columns);
        Span<double> sums = total.AsSpan(0, rows.Columns);
        sums.Clear();
        AddRows(rows, sums);
        for (int j = 0; j < sums.Length; j++)
            sum[j] += T.CreateTruncating(sums[j]);
        ArrayPool<double>.Shared.Return(total);
    }

    /// <summary>sums += every row.</summary>
    private protected static void AddRows<T>(ReadOnlyMatrixSpan<T> rows, Span<double> sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < rows.Rows; i++)
        {
            if (typeof(T) == typeof(float))
                DoubleSums.Add(MemoryMarshal.Cast<T, float>(rows.Row(i)), sums);
            else
                TensorPrimitives.Add(sums, MemoryMarshal.Cast<T, double>(rows.Row(i)), sums);
        }
    }
}
