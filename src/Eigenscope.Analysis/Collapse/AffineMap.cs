using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Analysis.Collapse;

/// <summary>A dense layer without its activation.</summary>
internal static class AffineMap
{
    /// <summary>The rows W x + b for every row x, as a new N × out tensor.</summary>
    public static Tensor<double> Apply(ReadOnlyMatrixSpan<double> rows, ReadOnlyMatrixSpan<double> weight, ReadOnlySpan<double> bias, Compute compute)
    {
        if (weight.Columns != rows.Columns)
            throw new ArgumentException($"expected a weight with {rows.Columns} columns, one for each feature, got {weight.Rows} × {weight.Columns}", nameof(weight));
        if (!bias.IsEmpty && bias.Length != weight.Rows)
            throw new ArgumentException($"expected {weight.Rows} biases, one for each output, or none, got {bias.Length}", nameof(bias));
        Tensor<double> result = new(rows.Rows, weight.Rows);
        compute.Multiply(1.0, rows, MatrixOp.None, weight, MatrixOp.Transpose, 0.0, result.AsMatrix());
        for (int i = 0; i < result.Rows && !bias.IsEmpty; i++)
            TensorPrimitives.Add(result.Row(i), bias, result.Row(i));
        return result;
    }
}
