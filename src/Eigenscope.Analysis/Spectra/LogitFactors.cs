using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Analysis.Spectra;

/// <summary>
/// What stands between the Jacobians in a Gauss–Newton matrix G = Jᵀ Sᵀ D S J: D, the samples' weights w_i, and S, the factors of the loss's Hessians in the logits. Vectors have an entry for each sample and
/// logit, N · o.
/// </summary>
internal sealed class LogitFactors
{
    private readonly Loss _loss;
    private readonly Tensor<double> _values;
    private readonly IReadOnlyList<double> _weights;
    private readonly Tensor<double> _factor;
    private readonly Tensor<double> _identity;
    private readonly double[] _row;

    public LogitFactors(Linearization linearization)
    {
        _loss = linearization.Objective.Loss;
        _values = linearization.Logits();
        _weights = linearization.Objective.SampleWeights;
        _factor = new Tensor<double>(Logits, Logits);
        _identity = new Tensor<double>(Logits, Logits);
        for (int k = 0; k < Logits; k++)
            _identity[k, k] = 1.0;
        _row = new double[Logits];
    }

    /// <summary>N.</summary>
    public int Samples => _values.Rows;

    /// <summary>o.</summary>
    public int Logits => _values.Columns;

    /// <summary>N o.</summary>
    public int Length => _values.Length;

    /// <summary>w_i.</summary>
    public double Weight(int sample) => _weights[sample];

    /// <summary>Whether the terms of a sample's loss Hessian cancel, see <see cref="Loss.HessianTermsCancel"/>.</summary>
    public bool TermsCancel => _loss.HessianTermsCancel;

    /// <summary>√ω_k of a sample.</summary>
    public void TermRoots(int sample, Span<double> roots)
    {
        _loss.HessianTermWeights(_values.Row(sample), roots);
        TensorPrimitives.Sqrt(roots, roots);
    }

    /// <summary>S_i, o × o; valid until the next call.</summary>
    public ReadOnlyMatrixSpan<double> Factor(int sample)
    {
        Multiply(sample, _identity.AsMatrix(), _factor.AsMatrix());
        return _factor.AsMatrix();
    }

    /// <summary>result ← S_i rows, o × d.</summary>
    public void Multiply(int sample, ReadOnlyMatrixSpan<double> rows, MatrixSpan<double> result) => _loss.MultiplyHessianFactor(_values.Row(sample), rows, result);

    /// <summary>v ← S v.</summary>
    public void Multiply(Span<double> v)
    {
        for (int i = 0; i < Samples; i++)
        {
            Span<double> entries = v.Slice(i * Logits, Logits);
            entries.CopyTo(_row);
            Multiply(i, new ReadOnlyMatrixSpan<double>(_row, Logits, 1), new MatrixSpan<double>(entries, Logits, 1));
        }
    }

    /// <summary>v ← Sᵀ D v.</summary>
    public void MultiplyAdjoint(Span<double> v)
    {
        for (int i = 0; i < Samples; i++)
        {
            Span<double> entries = v.Slice(i * Logits, Logits);
            TensorPrimitives.Multiply(entries, _weights[i], _row);
            ReadOnlyMatrixSpan<double> factor = Factor(i);
            entries.Clear();
            for (int k = 0; k < Logits; k++)
                TensorPrimitives.MultiplyAdd(factor.Row(k), _row[k], entries, entries);
        }
    }
}
