using Eigenscope.Learning.Features;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Kernels;

/// <summary>
/// Jacobians of f = Σ_i α_i k(·, z_i) in mapped coordinates: with the slopes S of a block of points x against all z_i, ∇f_c(x) = Σ_i S_xi α_ic (z_i − x), for each output c one matrix product (S ∘ α_c) Z and a multiple of x
/// (none for an inner-product kernel).
/// </summary>
internal sealed class KernelGradients
{
    // Rows of one thread's block: with the slopes and their weighted copy it takes 2 · 128 · n · 8 bytes, 41 MB at n = 20,000.
    private const int MostBlockRows = 128;

    // Jacobians of all threads' blocks, and a centred copy of them, at most.
    private const long JacobianBytes = 256L << 20;

    private readonly KernelGeometry _geometry;
    private readonly Tensor<double> _weights;
    private readonly bool _isRadial;
    private readonly int _blockRows;
    private readonly Compute _compute;

    public KernelGradients(KernelGeometry geometry, Tensor<double> coefficients, Compute compute)
    {
        (_geometry, _compute, _isRadial) = (geometry, compute, geometry.IsRadial);
        _weights = coefficients.Transposed();
        long rowBytes = sizeof(double) * (long)geometry.Dimension * coefficients.Columns * compute.Threads;
        _blockRows = (int)Math.Clamp(JacobianBytes / rowBytes, 1, MostBlockRows);
    }

    private int Outputs => _weights.Rows;

    /// <summary>Accumulates the outer products of the Jacobians at the given points, block after block.</summary>
    public AgopAccumulator Accumulate(MappedPoints at, CancellationToken cancellation)
    {
        AgopAccumulator accumulator = new(Outputs, _geometry.Dimension, _compute);
        int rows = at.Rows.Rows, slab = _blockRows * _compute.Threads;
        Tensor<double> jacobians = new(Math.Min(rows, slab) * Outputs, _geometry.Dimension);
        OutputForms? forms = OutputForms.Create(_geometry, _weights, _compute);
        Workspace[] workspaces = [.. Enumerable.Range(0, _compute.Threads).Select(_ => new Workspace(forms is null ? Math.Min(rows, _blockRows) * _geometry.Count : 0))];
        for (int start = 0; start < rows; start += slab)
        {
            cancellation.ThrowIfCancellationRequested();
            int first = start, count = Math.Min(slab, rows - start);
            _compute.ForEachPart((count + _blockRows - 1) / _blockRows, block =>
            {
                int offset = block * _blockRows, length = Math.Min(_blockRows, count - offset);
                MatrixSpan<double> target = jacobians.AsMatrix().RowRange(offset * Outputs, length * Outputs);
                if (forms is null)
                    Fill(at, first + offset, length, target, workspaces[block]);
                else
                    Fill(forms, at.Rows.AsMatrix().RowRange(first + offset, length), target);
            });
            accumulator.Add(jacobians.AsMatrix().RowRange(0, count * Outputs));
        }
        return accumulator;
    }

    /// <summary>(1/N) Σ_x J_x at the machine's own points, K × d: S and Sᵀ act on the coefficients alone, at the cost of a prediction.</summary>
    public Tensor<double> Mean()
    {
        // Σ_x Σ_i S_xi α_ic (z_i − x) = Σ_i z_i ((Sᵀ1)_i α_ic − (S α_c)_i); an inner-product kernel has the first term only.
        Tensor<double> weights = new(_geometry.Count, Outputs);
        Tensor<double>[] columnSums = [.. Enumerable.Range(0, _compute.Threads).Select(_ => new Tensor<double>(1, _geometry.Count))];
        _compute.ForEachPart(_compute.Threads, part => AddSums(part, weights, columnSums[part]));
        for (int i = 0; i < weights.Rows; i++)
        {
            double columnSum = columnSums.Sum(sums => sums[0, i]);
            for (int c = 0; c < Outputs; c++)
                weights[i, c] = ((columnSum * _weights[c, i]) - (_isRadial ? weights[i, c] : 0.0)) / _geometry.Count;
        }
        Tensor<double> mean = new(Outputs, _geometry.Dimension);
        _compute.Multiply(1.0, weights.AsMatrix(), MatrixOp.Transpose, _geometry.Points.Rows.AsMatrix(), MatrixOp.None, 0.0, mean.AsMatrix());
        return mean;
    }

    private void AddSums(int part, Tensor<double> products, Tensor<double> columnSums)
    {
        double[] scratch = new double[Math.Min(_blockRows, _geometry.Count) * _geometry.Count];
        for (int start = part * _blockRows; start < _geometry.Count; start += _blockRows * _compute.Threads)
        {
            int rows = Math.Min(_blockRows, _geometry.Count - start);
            MatrixSpan<double> slopes = new(scratch, rows, _geometry.Count);
            _geometry.Slopes(_geometry.Points, start, slopes);
            _compute.Blas.Multiply(1.0, slopes, MatrixOp.None, _weights.AsMatrix(), MatrixOp.Transpose, 0.0, products.AsMatrix().RowRange(start, rows));
            for (int r = 0; r < rows; r++)
                TensorPrimitives.Add(columnSums.Row(0), slopes.Row(r), columnSums.Row(0));
        }
    }

    // Row r·K + c of the Jacobians is the gradient of output c at point start + r.
    private void Fill(MappedPoints at, int start, int rows, MatrixSpan<double> jacobians, Workspace workspace)
    {
        MatrixSpan<double> slopes = new(workspace.Slopes, rows, _geometry.Count), weighted = new(workspace.Weighted, rows, _geometry.Count);
        _geometry.Slopes(at, start, slopes);
        for (int c = 0; c < Outputs; c++)
        {
            for (int r = 0; r < rows; r++)
                TensorPrimitives.Multiply(slopes.Row(r), _weights.Row(c), weighted.Row(r));
            MatrixSpan<double> gradient = OfOutput(jacobians, c, rows);
            _compute.Blas.Multiply(1.0, weighted, MatrixOp.None, _geometry.Points.Rows.AsMatrix(), MatrixOp.None, 0.0, gradient);
            for (int r = 0; r < rows && _isRadial; r++)
                TensorPrimitives.MultiplyAdd(at.Rows.Row(start + r), -TensorPrimitives.Sum<double>(weighted.Row(r)), gradient.Row(r), gradient.Row(r));
        }
    }

    private void Fill(OutputForms forms, ReadOnlyMatrixSpan<double> at, MatrixSpan<double> jacobians)
    {
        for (int c = 0; c < Outputs; c++)
            forms.Gradients(c, at, OfOutput(jacobians, c, at.Rows), _compute.Blas);
    }

    private MatrixSpan<double> OfOutput(MatrixSpan<double> jacobians, int output, int rows) => new(jacobians.Data[(output * jacobians.Columns)..], rows, jacobians.Columns, jacobians.Columns * Outputs);

    private sealed class Workspace(int length)
    {
        public double[] Slopes { get; } = new double[length];

        public double[] Weighted { get; } = new double[length];
    }
}
