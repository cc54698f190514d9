using Eigenscope.Analysis.Collapse;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Estimators;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Analysis.Spectra;

/// <summary>
/// Class means of the three factors of a layer's Gauss–Newton matrix (1/N) Σ_i R_iᵀ Λ_i R_i, R_i = B(h_i, ·)ᵀ J_i: the layer's input h, the Jacobian J of the logits in its pre-activation, and the loss's second
/// derivative Λ in the logits; with the trace of that matrix. For a dense layer R_i = J_i ⊗ h_i; for a convolution it is the sum over positions of such products with patches of h_i. Every sample weighs 1/N.
/// </summary>
public sealed record LayerClassMeans
{
    private const long JacobianBytes = 1L << 30;

    /// <summary>n_c / N, K of them.</summary>
    public required IReadOnlyList<double> Shares { get; init; }

    /// <summary>Class means of the layer's input as rows, K × d_in.</summary>
    public required Tensor<double> Features { get; init; }

    /// <summary>Class means of the logits' Jacobian in the layer's pre-activation, K × o × d_out for o logits.</summary>
    public required Tensor<double> Jacobians { get; init; }

    /// <summary>Class means of the loss's second derivative in the logits, K × o × o: of the samples' own, not the one at the mean logits, which is exponentially small in a network trained with cross-entropy.</summary>
    public required Tensor<double> LossHessians { get; init; }

    /// <summary>Trace of the layer's Gauss–Newton matrix: for a dense layer (1/N) Σ_i tr(Λ_i J_i J_iᵀ) ‖h_i‖², a sum over all samples.</summary>
    public required double GaussNewtonTrace { get; init; }

    /// <summary>Standard error of <see cref="GaussNewtonTrace"/>; 0 where it is a sum over all samples.</summary>
    public double GaussNewtonTraceStandardError { get; init; }

    /// <summary>Measures the class means of a dense layer that acts once on a sample; walks the Jacobians once.</summary>
    /// <param name="linearization">The network and its samples at fixed parameters.</param>
    /// <param name="weightLayer">Index of the layer in <see cref="Network.WeightLayers"/>, from 0.</param>
    /// <param name="labels">N class indices in 0 … K − 1; every class has a sample.</param>
    /// <param name="classes">K ≥ 2.</param>
    /// <param name="compute">Where to compute.</param>
    /// <param name="alsoVisit">Sees the same Jacobians, so that they need not be walked twice; or null.</param>
    /// <returns>The class means.</returns>
    /// <exception cref="ArgumentException">Labels that do not fit the samples, a class without samples, features that are not finite, or no such dense layer.</exception>
    public static LayerClassMeans Measure(Linearization linearization, int weightLayer, ReadOnlySpan<int> labels, int classes, Compute compute, JacobianSlice? alsoVisit = null)
    {
        ArgumentNullException.ThrowIfNull(linearization);
        ArgumentNullException.ThrowIfNull(compute);
        Tensor<double> features = linearization.LayerInput(weightLayer);
        if (linearization.Objective.Network.WeightLayers[weightLayer] is not DenseLayer { Positions: 1 })
            throw new ArgumentException($"weight layer {weightLayer} is not a dense layer that acts once on a sample; use {nameof(MeasureStreamed)}", nameof(weightLayer));
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

    /// <summary>
    /// Measures the class means of any weight layers, convolutions and dense layers at several positions too, in memory that does not grow with N: one pass down for each logit serves as many layers as have means of a gigabyte together.
    /// </summary>
    /// <param name="linearization">The network and its samples at fixed parameters.</param>
    /// <param name="weightLayers">Indices of the layers in <see cref="Network.WeightLayers"/>, from 0.</param>
    /// <param name="labels">N class indices in 0 … K − 1; every class has a sample.</param>
    /// <param name="classes">K ≥ 2.</param>
    /// <param name="traces">Traces of the Gauss–Newton matrices of the layers' weights, as by <see cref="GaussNewtonTraces"/>; one for each layer.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>The class means, in the order of the layers.</returns>
    /// <exception cref="ArgumentException">Labels that do not fit the samples, a class without samples, no such layer, or another number of traces.</exception>
    public static IReadOnlyList<LayerClassMeans> MeasureStreamed(Linearization linearization, IReadOnlyList<int> weightLayers, ReadOnlySpan<int> labels, int classes, IReadOnlyList<Estimate> traces, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(linearization);
        ArgumentNullException.ThrowIfNull(weightLayers);
        ArgumentNullException.ThrowIfNull(traces);
        ArgumentNullException.ThrowIfNull(compute);
        if (traces.Count != weightLayers.Count)
            throw new ArgumentException($"expected a trace for each of the {weightLayers.Count} layers, got {traces.Count}", nameof(traces));
        ClassLogits groups = new(new LogitFactors(linearization), labels, classes);
        int[] counts = [.. groups.Members.Select(static members => members.Length)];
        double[] shares = [.. counts.Select(count => (double)count / linearization.Objective.SampleCount)];
        Tensor<double> lossHessians = MeanLossHessians(linearization.Objective.Loss, linearization.Logits(), labels, counts, compute);
        List<LayerClassMeans> means = [];
        foreach (int[] some in Affordable(linearization, weightLayers, classes))
        {
            IReadOnlyList<Tensor<double>> jacobians = linearization.MeanOutputJacobians(some, labels, classes);
            for (int index = 0; index < some.Length; index++)
            {
                means.Add(new LayerClassMeans
                {
                    Shares = shares,
                    Features = linearization.MeanLayerInputs(some[index], labels, classes),
                    Jacobians = jacobians[index],
                    LossHessians = lossHessians,
                    GaussNewtonTrace = traces[means.Count].Mean,
                    GaussNewtonTraceStandardError = traces[means.Count].StandardError,
                });
            }
        }
        return means;
    }

    // Layers in their order, cut where the means of more than one would exceed the budget.
    private static IEnumerable<int[]> Affordable(Linearization linearization, IReadOnlyList<int> weightLayers, int classes)
    {
        Network network = linearization.Objective.Network;
        List<int> some = [];
        long bytes = 0;
        foreach (int layer in weightLayers)
        {
            long own = (long)classes * network.OutputSize * network.WeightLayers[layer].OutputSize * sizeof(double);
            if (some.Count > 0 && bytes + own > JacobianBytes)
            {
                yield return [.. some];
                some.Clear();
                bytes = 0;
            }
            some.Add(layer);
            bytes += own;
        }
        if (some.Count > 0)
            yield return [.. some];
    }

    /// <summary>The gradients in the layer's weight at the class means, R_ck = B(μ_c, ·)ᵀ B_ck.</summary>
    /// <param name="layer">The layer whose means these are.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>K × o × (the weight's length).</returns>
    /// <exception cref="ArgumentException">The means are those of a layer of other sizes.</exception>
    public Tensor<double> WeightRows(BilinearLayer layer, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(layer);
        int logits = Jacobians.Shape[1];
        Tensor<double> rows = new(Shares.Count, logits, layer.Weight.Length);
        for (int c = 0; c < Shares.Count; c++)
        {
            Tensor<double> inputs = new(logits, Features.Columns);
            for (int k = 0; k < logits; k++)
                Features.Row(c).CopyTo(inputs.Row(k));
            layer.WeightGradients(inputs.AsMatrix(), new ReadOnlyMatrixSpan<double>(Jacobians.Row(c), logits, Jacobians.Shape[2]), compute).Span.CopyTo(rows.Row(c));
        }
        return rows;
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
