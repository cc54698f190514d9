using Eigenscope.Analysis.Collapse;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Estimators;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Analysis.Spectra;

/// <summary>
/// Class means of the three factors of a layer's Gauss–Newton matrix (1/N) Σ_i R_iᵀ Λ_i R_i, R_i = B(h_i, ·)ᵀ J_i: the layer's input h, the Jacobian J of the logits in its pre-activation, and the loss's second
/// derivative Λ in the logits; with the trace of that matrix. For a dense layer R_i = J_i ⊗ h_i; for a convolution it is the sum over positions of such products with patches of h_i. Every sample weighs 1/N.
/// </summary>
public sealed record LayerClassMeans
{
    private const int TraceProbes = 32;

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

    /// <summary>Measures the class means of a dense layer; walks the Jacobians once.</summary>
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
        if (linearization.Objective.Network.WeightLayers[weightLayer] is not DenseLayer)
            throw new ArgumentException($"weight layer {weightLayer} is not dense; use {nameof(MeasureStreamed)}", nameof(weightLayer));
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
    /// Measures the class means of any weight layer, a convolution too, in memory that does not grow with N: one pass down for each logit. The trace is summed gradient by gradient up to
    /// <paramref name="exactEntries"/> numbers, and estimated beyond.
    /// </summary>
    /// <param name="linearization">The network and its samples at fixed parameters.</param>
    /// <param name="weightLayer">Index of the layer in <see cref="Network.WeightLayers"/>, from 0.</param>
    /// <param name="labels">N class indices in 0 … K − 1; every class has a sample.</param>
    /// <param name="classes">K ≥ 2.</param>
    /// <param name="compute">Where to compute.</param>
    /// <param name="random">Probes of an estimated trace; consumed.</param>
    /// <param name="exactEntries">Largest N · o times the weight's length at which the trace is summed. Default 2³⁰: a few seconds.</param>
    /// <returns>The class means.</returns>
    /// <exception cref="ArgumentException">Labels that do not fit the samples, a class without samples, or no such layer.</exception>
    public static LayerClassMeans MeasureStreamed(Linearization linearization, int weightLayer, ReadOnlySpan<int> labels, int classes, Compute compute, RandomStream random, long exactEntries = 1L << 30)
    {
        ArgumentNullException.ThrowIfNull(linearization);
        ArgumentNullException.ThrowIfNull(compute);
        ArgumentNullException.ThrowIfNull(random);
        LogitFactors factors = new(linearization);
        ClassLogits groups = new(factors, labels, classes);
        int[] counts = [.. groups.Members.Select(static members => members.Length)];
        Estimate trace = Trace(linearization, weightLayer, factors, compute, random, exactEntries);
        return new LayerClassMeans
        {
            Shares = [.. counts.Select(count => (double)count / factors.Samples)],
            Features = linearization.MeanLayerInputs(weightLayer, labels, classes),
            Jacobians = linearization.MeanOutputJacobians(weightLayer, labels, classes),
            LossHessians = MeanLossHessians(linearization.Objective.Loss, linearization.Logits(), labels, counts, compute),
            GaussNewtonTrace = trace.Mean,
            GaussNewtonTraceStandardError = trace.StandardError,
        };
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

    private static Estimate Trace(Linearization linearization, int weightLayer, LogitFactors factors, Compute compute, RandomStream random, long exactEntries)
    {
        IReadOnlyList<BilinearLayer> layers = linearization.Objective.Network.WeightLayers;
        if ((uint)weightLayer >= (uint)layers.Count)
            throw new ArgumentOutOfRangeException(nameof(weightLayer), weightLayer, $"the network has {layers.Count} layers with weights, numbered from 0");
        string scope = layers[weightLayer].Weight.Name;
        if (DenseScope.Of(linearization, scope) is { } dense)
            return Estimate.Exact(dense.Trace(factors));
        GradientRows rows = new(linearization, scope, factors, compute);
        return rows.Entries <= exactEntries ? Estimate.Exact(rows.Trace()) : TraceEstimator.Estimate(linearization.GaussNewton(scope), TraceProbes, random);
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
