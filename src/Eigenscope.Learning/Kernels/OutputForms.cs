using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Kernels;

/// <summary>
/// Outputs of a machine with an inner-product kernel whose slope is linear, s = γ (x·z + b): each is a quadratic form, ∇f_c(x) = A_c x + v_c with A_c = γ Σ_i α_ic z_i z_iᵀ and v_c = γ b Σ_i α_ic z_i.
/// With few coordinates beside the points that costs far less than a sum over all points for every gradient: 2 K d² (n + N) operations instead of 2 K d n N.
/// </summary>
internal sealed class OutputForms
{
    // 512 MB of forms; beyond it gradients are summed over the points.
    private const long MostEntries = 1L << 26;
    private const int BlockRows = 512;
    private readonly Tensor<double> _forms;
    private readonly Tensor<double> _offsets;
    private readonly int _dimension;

    private OutputForms(Tensor<double> forms, Tensor<double> offsets, int dimension) => (_forms, _offsets, _dimension) = (forms, offsets, dimension);

    /// <summary>The forms of all outputs.</summary>
    /// <param name="geometry">The points z_i.</param>
    /// <param name="weights">α, outputs × points.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>Null where the slope is not linear, or forms would save nothing or take too much memory.</returns>
    public static OutputForms? Create(KernelGeometry geometry, Tensor<double> weights, Compute compute)
    {
        int dimension = geometry.Dimension, outputs = weights.Rows;
        if (geometry.LinearSlope is not var (factor, offset) || 2L * dimension > geometry.Count || (long)outputs * dimension * dimension > MostEntries)
            return null;
        Tensor<double> points = geometry.Points.Rows, forms = new(outputs * dimension, dimension), offsets = new(outputs, dimension);
        compute.Multiply(factor * offset, weights.AsMatrix(), MatrixOp.None, points.AsMatrix(), MatrixOp.None, 0.0, offsets.AsMatrix());
        compute.ForEachPart(compute.Threads, part =>
        {
            Tensor<double> weighted = new(Math.Min(BlockRows, points.Rows), dimension);
            (int first, int count) = Compute.PartRange(outputs, part, compute.Threads);
            for (int c = first; c < first + count; c++)
                Accumulate(factor, points, weights.Row(c), weighted, forms.AsMatrix().RowRange(c * dimension, dimension), compute.Blas);
        });
        return new OutputForms(forms, offsets, dimension);
    }

    private static void Accumulate(double factor, Tensor<double> points, ReadOnlySpan<double> weights, Tensor<double> weighted, MatrixSpan<double> form, BlasBackend blas)
    {
        for (int start = 0; start < points.Rows; start += BlockRows)
        {
            int rows = Math.Min(BlockRows, points.Rows - start);
            for (int i = 0; i < rows; i++)
                TensorPrimitives.Multiply(points.Row(start + i), weights[start + i], weighted.Row(i));
            blas.Multiply(factor, points.AsMatrix().RowRange(start, rows), MatrixOp.Transpose, weighted.AsMatrix().RowRange(0, rows), MatrixOp.None, 1.0, form);
        }
    }

    /// <summary>Gradients of output c at a block of points. One thread.</summary>
    public void Gradients(int output, ReadOnlyMatrixSpan<double> at, MatrixSpan<double> gradients, BlasBackend blas)
    {
        // A_c is symmetric.
        blas.Multiply(1.0, at, MatrixOp.None, _forms.AsMatrix().RowRange(output * _dimension, _dimension), MatrixOp.None, 0.0, gradients);
        for (int r = 0; r < gradients.Rows; r++)
            TensorPrimitives.Add(gradients.Row(r), _offsets.Row(output), gradients.Row(r));
    }
}
