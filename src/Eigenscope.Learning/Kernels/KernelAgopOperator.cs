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
    // Slopes are computed once for all vectors of a block, and cost more than what is done with them.
    public override double BlockCostPerVector => 0.3;

    private int Count => _geometry.Count;

    private int Outputs => _coefficients.Columns;

    /// <inheritdoc/>
    protected override void ApplyCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y)
    {
        Tensor<double> mapped = _metric.Map(x, _compute), total = Products(mapped);
        if (_centring == Centring.SampleMean)
            SubtractMean(mapped, total);
        ReadOnlyMatrixSpan<double> back = _metric.Map(total.AsMatrix(), _compute).AsMatrix();
        back.CopyTo(y);
    }

    /// <inheritdoc/>
    protected override void ApplyAdjointCore(ReadOnlyMatrixSpan<double> x, MatrixSpan<double> y) => ApplyCore(x, y);

    // Of b vectors: column b' of along is p = Z v, columns b'·K … of weighted are α_c ∘ p, and the last K are α itself.
    private Tensor<double> Products(Tensor<double> v)
    {
        int count = v.Rows, last = count * Outputs;
        Tensor<double> along = new(Count, count), weighted = new(Count, last + Outputs), direct = new(Count, count);
        _compute.Multiply(1.0, _geometry.Points.Rows.AsMatrix(), MatrixOp.None, v.AsMatrix(), MatrixOp.Transpose, 0.0, along.AsMatrix());
        for (int i = 0; i < Count; i++)
        {
            for (int vector = 0; vector < count; vector++)
                TensorPrimitives.Multiply(_coefficients.Row(i), along[i, vector], weighted.Row(i).Slice(vector * Outputs, Outputs));
            _coefficients.Row(i).CopyTo(weighted.Row(i)[last..]);
        }
        Tensor<double>[] back = [.. Enumerable.Range(0, _compute.Threads).Select(_ => new Tensor<double>(Count, last))];
        _compute.ForEachPart(_compute.Threads, part => Visit(part, along, weighted, back[part], direct));
        // Σ_i z_i (Σ_c α_ic (Sᵀu)_ic − Σ_c (Sα_c)_i u_ic), the second term being of the points where the gradients are taken.
        for (int i = 0; i < Count; i++)
        {
            for (int vector = 0; vector < count; vector++)
            {
                double sum = direct[i, vector];
                foreach (Tensor<double> partial in back)
                    sum += TensorPrimitives.Dot<double>(_coefficients.Row(i), partial.Row(i).Slice(vector * Outputs, Outputs));
                direct[i, vector] = sum / Count;
            }
        }
        Tensor<double> total = new(count, Rows);
        _compute.Multiply(1.0, direct.AsMatrix(), MatrixOp.Transpose, _geometry.Points.Rows.AsMatrix(), MatrixOp.None, 0.0, total.AsMatrix());
        return total;
    }

    private void Visit(int part, Tensor<double> along, Tensor<double> weighted, Tensor<double> back, Tensor<double> direct)
    {
        int blockRows = Math.Min(KernelGeometry.BlockRows, Count);
        double[] scratch = new double[blockRows * Count];
        Tensor<double> sums = new(blockRows, weighted.Columns);
        for (int start = part * blockRows; start < Count; start += blockRows * _compute.Threads)
        {
            int rows = Math.Min(blockRows, Count - start);
            MatrixSpan<double> slopes = new(scratch, rows, Count), block = sums.AsMatrix().RowRange(0, rows);
            _geometry.Slopes(_geometry.Points, start, slopes);
            _compute.Blas.Multiply(1.0, slopes, MatrixOp.None, weighted.AsMatrix(), MatrixOp.None, 0.0, block);
            for (int r = 0; r < rows && _geometry.IsRadial; r++)
                SubtractOwn(block.Row(r), along.Row(start + r), direct.Row(start + r));
            _compute.Blas.Multiply(1.0, slopes, MatrixOp.Transpose, block.ColumnRange(0, back.Columns), MatrixOp.None, 1.0, back.AsMatrix());
        }
    }

    // u_c = Σ_i S_xi α_ic (z_i − x)·v of every vector, and the share of x itself in Σ_c J_cᵀ u_c.
    private void SubtractOwn(Span<double> products, ReadOnlySpan<double> along, Span<double> direct)
    {
        ReadOnlySpan<double> sums = products[(along.Length * Outputs)..];
        for (int vector = 0; vector < along.Length; vector++)
        {
            Span<double> u = products.Slice(vector * Outputs, Outputs);
            TensorPrimitives.MultiplyAdd(sums, -along[vector], u, u);
            direct[vector] = -TensorPrimitives.Dot<double>(u, sums);
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
