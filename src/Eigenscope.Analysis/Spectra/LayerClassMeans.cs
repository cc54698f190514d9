using Eigenscope.Analysis.Collapse;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Analysis.Spectra;

/// <summary>
/// Class means of the three factors of a dense layer's Gauss–Newton matrix (1/N) Σ_i J_iᵀ Λ_i J_i ⊗ h_i h_iᵀ: the layer's input h, the Jacobian J of the logits in its pre-activation, and the loss's second
/// derivative Λ in the logits; with the exact trace of that matrix. Every sample weighs 1/N.
/// </summary>
public sealed record LayerClassMeans
{
    /// <summary>n_c / N, K of them.</summary>
    public required IReadOnlyList<double> Shares { get; init; }

    /// <summary>Class means of the layer's input as rows, K × d_in.</summary>
    public required Tensor<double> Features { get; init; }

    /// <summary>Class means of the logits' Jacobian in the layer's pre-activation, K × o × d_out for o logits.</summary>
    public required Tensor<double> Jacobians { get; init; }

    /// <summary>Class means of the loss's second derivative in the logits, K × o × o: of the samples' own, not the one at the mean logits, which is exponentially small in a network trained with cross-entropy.</summary>
    public required Tensor<double> LossHessians { get; init; }

    /// <summary>Trace of the layer's Gauss–Newton matrix, (1/N) Σ_i tr(Λ_i J_i J_iᵀ) ‖h_i‖²: a sum over all samples, not an estimate.</summary>
    public required double GaussNewtonTrace { get; init; }

    /// <summary>Measures the class means of one layer; walks the Jacobians once.</summary>
    /// <param name="linearization">The network and its samples at fixed parameters.</param>
    /// <param name="weightLayer">Index of the layer in <see cref="Learning.Networks.Network.WeightLayers"/>, from 0.</param>
    /// <param name="labels">N class indices in 0 … K − 1; every class has a sample.</param>
    /// <param name="classes">K ≥ 2.</param>
    /// <param name="compute">Where to compute.</param>
    /// <param name="alsoVisit">Sees the same Jacobians, so that they need not be walked twice; or null.</param>
    /// <returns>The class means.</returns>
    /// <exception cref="ArgumentException">Labels that do not fit the samples, a class without samples, features that are not finite, or no such layer.</exception>
    public static LayerClassMeans Measure(Linearization linearization, int weightLayer, ReadOnlySpan<int> labels, int classes, Compute compute, JacobianSlice? alsoVisit = null)
    {
        ArgumentNullException.ThrowIfNull(linearization);
        ArgumentNullException.ThrowIfNull(compute);
        Tensor<double> features = linearization.LayerInput(weightLayer);
        ClassStatistics statistics = ClassStatistics.Measure(features.AsMatrix(), labels, classes);
        Tensor<double> logits = linearization.Logits();
        int outputs = linearization.Objective.Network.WeightLayers[weightLayer].OutputSize;
        ClassMeanJacobians jacobians = new(linearization.Objective.Loss, logits, features, labels.ToArray(), statistics.Counts, outputs);
        linearization.VisitOutputJacobians(weightLayer, (first, slice) =>
        {
            jacobians.Add(first, slice);
            alsoVisit?.Invoke(first, slice);
        });
        return new LayerClassMeans
        {
            Shares = [.. statistics.Counts.Select(count => (double)count / statistics.Samples)],
            Features = statistics.Means,
            Jacobians = jacobians.Mean(),
            LossHessians = MeanLossHessians(linearization.Objective.Loss, logits, labels, statistics.Counts, compute),
            GaussNewtonTrace = jacobians.WeightedTrace,
        };
    }

    private static Tensor<double> MeanLossHessians(Loss loss, Tensor<double> logits, ReadOnlySpan<int> labels, IReadOnlyList<int> counts, Compute compute)
    {
        int outputs = logits.Columns;
        Tensor<double> means = new(counts.Count, outputs, outputs);
        Tensor<double> identity = new(outputs, outputs), root = new(outputs, outputs);
        for (int k = 0; k < outputs; k++)
            identity[k, k] = 1.0;
        for (int i = 0; i < logits.Rows; i++)
        {
            loss.MultiplyHessianFactor(logits.Row(i), identity.AsMatrix(), root.AsMatrix());
            compute.Multiply(1.0, root.AsMatrix(), MatrixOp.Transpose, root.AsMatrix(), MatrixOp.None, 1.0, new MatrixSpan<double>(means.Row(labels[i]), outputs, outputs));
        }
        for (int c = 0; c < counts.Count; c++)
            TensorPrimitives.Divide(means.Row(c), counts[c], means.Row(c));
        return means;
    }
}
