using Eigenscope.Learning.Features;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Kernels;

/// <summary>
/// v ↦ (1/N) Σ_x J_xᵀ J_x v of a kernel machine at its training points, with neither the d × d matrix nor any n × n one formed: a block of slopes S gives u_c = J_c v from S (α_c ∘ Zv), and at once its share of Σ_c J_cᵀ u_c from Sᵀ u_c.
/// </summary>
internal sealed class KernelAgopOperator : LinearOperator
{
    private readonly KernelGeometry _geometry;
    private readonly Metric _metric;
    private readonly Tensor<double> _coefficients;
    private readonly Centring _centring;
    private readonly Compute _compute;
    private Tensor<double>? _mean;

    public KernelAgopOperator(KernelGeometry geometry, Metric metric, Tensor<double> coefficients, Centring centring, Compute compute)
        : base(geometry.Dimension, geometry.Dimension, OperatorStructure.PositiveSemidefinite) =>
        (_geometry, _metric, _coefficients, _centring, _compute) = (geometry, metric, coefficients, centring, compute);

    /// <inheritdoc/>
    public override double BlockCostPerVector => 0.3;

    private int Count => _geometry.Count;

    private int Outputs => _coefficients.Columns;

    /// <inheritdoc/>
    protected override void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        Tensor<double> mapped = _metric.Map(x, _compute), total = new(x.Rows, Rows);
        for (int i = 0; i < x.Rows; i++)
            AddProduct(mapped.Row(i), total.Row(i));
        if (_centring == Centring.SampleMean)
            SubtractMean(mapped, total);
        ReadOnlyMatrixSpan<double> back = _metric.Map(total.AsMatrix(), _compute).AsMatrix();
        back.CopyTo(y);
    }

    /// <inheritdoc/>
    protected override void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => ApplyCore(x, y);

    private void AddProduct(ReadOnlySpan<double> v, Span<double> total)
    {
        // p_i = z_i·v; weighted by α_c, it is what the slopes act on.
        Tensor<double> along = new(Count, 1), weighted = new(Count, 2 * Outputs);
        _compute.Multiply(1.0, _geometry.Points.Rows.AsMatrix(), MatrixOp.None, new ReadOnlyMatrixSpan<double>(v, Rows, 1), MatrixOp.None, 0.0, along.AsMatrix());
        for (int i = 0; i < Count; i++)
        {
            TensorPrimitives.Multiply(_coefficients.Row(i), along[i, 0], weighted.Row(i)[..Outputs]);
            _coefficients.Row(i).CopyTo(weighted.Row(i)[Outputs..]);
        }
        Tensor<double>[] back = [.. Enumerable.Range(0, _compute.Threads).Select(_ => new Tensor<double>(Count, Outputs))];
        Tensor<double> direct = new(Count, 1);
        _compute.ForEachPart(_compute.Threads, part => Visit(part, along, weighted, back[part], direct));
        // Σ_i z_i (Σ_c α_ic (Sᵀu)_ic − Σ_c (Sα_c)_i u_ic), the second term being of the points where the gradients are taken.
        for (int i = 0; i < Count; i++)
        {
            double sum = direct[i, 0];
            foreach (Tensor<double> partial in back)
                sum += TensorPrimitives.Dot<double>(_coefficients.Row(i), partial.Row(i));
            direct[i, 0] = sum / Count;
        }
        _compute.Multiply(1.0, direct.AsMatrix(), MatrixOp.Transpose, _geometry.Points.Rows.AsMatrix(), MatrixOp.None, 0.0, new MatrixSpan<double>(total, 1, Rows));
    }

    private void Visit(int part, Tensor<double> along, Tensor<double> weighted, Tensor<double> back, Tensor<double> direct)
    {
        double[] scratch = new double[Math.Min(KernelGeometry.BlockRows, Count) * Count];
        Tensor<double> sums = new(KernelGeometry.BlockRows, 2 * Outputs);
        for (int start = part * KernelGeometry.BlockRows; start < Count; start += KernelGeometry.BlockRows * _compute.Threads)
        {
            int rows = Math.Min(KernelGeometry.BlockRows, Count - start);
            MatrixSpan<double> slopes = new(scratch, rows, Count), block = sums.AsMatrix().RowRange(0, rows);
            _geometry.Slopes(_geometry.Points, start, slopes);
            _compute.Blas.Multiply(1.0, slopes, MatrixOp.None, weighted.AsMatrix(), MatrixOp.None, 0.0, block);
            for (int r = 0; r < rows && _geometry.IsRadial; r++)
            {
                Span<double> u = block.Row(r)[..Outputs], weights = block.Row(r)[Outputs..];
                TensorPrimitives.MultiplyAdd(weights, -along[start + r, 0], u, u);
                direct[start + r, 0] = -TensorPrimitives.Dot<double>(u, weights);
            }
            _compute.Blas.Multiply(1.0, slopes, MatrixOp.Transpose, block.ColumnRange(0, Outputs), MatrixOp.None, 1.0, back.AsMatrix());
        }
    }

    private void SubtractMean(Tensor<double> v, Tensor<double> total)
    {
        Tensor<double> mean = _mean ??= new KernelGradients(_geometry, _coefficients, _compute).Mean();
        Tensor<double> along = new(v.Rows, Outputs);
        _compute.Multiply(1.0, v.AsMatrix(), MatrixOp.None, mean.AsMatrix(), MatrixOp.Transpose, 0.0, along.AsMatrix());
        _compute.Multiply(-1.0, along.AsMatrix(), MatrixOp.None, mean.AsMatrix(), MatrixOp.None, 1.0, total.AsMatrix());
    }
}
