using Eigenscope.Learning.Losses;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Analysis.Spectra;

/// <summary>Sums the Jacobians of each class, and the trace of the Gauss–Newton matrix, as they come slice by slice.</summary>
internal sealed class ClassMeanJacobians(Loss loss, Tensor<double> logits, Tensor<double> features, int[] labels, IReadOnlyList<int> counts, int dimension)
{
    private readonly Tensor<double> _sums = new(counts.Count, logits.Columns, dimension);
    private readonly Tensor<double> _factor = new(logits.Columns, dimension);
    private double _trace;

    /// <summary>(1/N) Σ_i ‖S_i J_i‖_F² ‖h_i‖², S_iᵀ S_i the loss's Hessian in the logits.</summary>
    public double WeightedTrace => _trace / labels.Length;

    public void Add(int firstSample, ReadOnlyMatrixSpan<double> jacobians)
    {
        int outputs = logits.Columns;
        for (int start = 0; start < jacobians.Rows; start += outputs)
        {
            int sample = firstSample + (start / outputs);
            ReadOnlyMatrixSpan<double> jacobian = jacobians.RowRange(start, outputs);
            Span<double> sum = _sums.Row(labels[sample]);
            for (int k = 0; k < outputs; k++)
            {
                Span<double> row = sum.Slice(k * dimension, dimension);
                TensorPrimitives.Add(row, jacobian.Row(k), row);
            }
            loss.MultiplyHessianFactor(logits.Row(sample), jacobian, _factor.AsMatrix());
            _trace += TensorPrimitives.SumOfSquares<double>(_factor.Span) * TensorPrimitives.SumOfSquares<double>(features.Row(sample));
        }
    }

    public Tensor<double> Mean()
    {
        Tensor<double> means = _sums.Clone();
        for (int c = 0; c < counts.Count; c++)
            TensorPrimitives.Divide(means.Row(c), counts[c], means.Row(c));
        return means;
    }
}
