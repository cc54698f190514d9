using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Analysis.Collapse;

/// <summary>
/// NC3, how close a dense layer's weight W (out × d) is to the class means it acts on, both scaled to unit Frobenius norm; each number lies in [0, 2].
/// </summary>
/// <param name="SelfDuality">Last layer only: ‖W/‖W‖_F − Mᵀ/‖M‖_F‖_F, M (d × K) with the centred class means as columns (simplex case; Papyan, Han, Donoho, PNAS 2020).</param>
/// <param name="FrameDuality">Last layer only: the same with uncentred means. In the bias-free case with mean squared error this one tends to 0, and the centred form to √(2 − 2√((K−1)/K)).</param>
/// <param name="Alignment">Every dense layer: ‖W/‖W‖_F − C/‖C‖_F‖_F, C = Σ_c m_c μ_cᵀ, m_c the class means of the layer's pre-activation and μ_c those of its input, both uncentred.</param>
public sealed record ClassDuality(Number SelfDuality, Number FrameDuality, Number Alignment)
{
    /// <summary>Measures the duality of a layer's weight and its class means.</summary>
    /// <param name="statistics">Class statistics of the features that enter the layer.</param>
    /// <param name="context">Weight, pre-activation means and place of the layer.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>The three numbers; undefined, with the reason, where something is missing or zero.</returns>
    /// <exception cref="ArgumentException">The weight's columns differ from the features' dimension, the pre-activation means are not K × out, or one of them is not finite.</exception>
    public static ClassDuality Measure(ClassStatistics statistics, CollapseContext context, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(compute);
        if (context.Weight is not Tensor<double> weight)
        {
            Number missing = Number.Undefined("no dense weight acts on these features");
            return new ClassDuality(missing, missing, missing);
        }
        MatrixGuard.Shape(weight.AsMatrix(), weight.Rows, statistics.Dimension, nameof(context));
        MatrixGuard.Finite(weight.AsMatrix(), nameof(context));
        Number self = LastLayerOnly(statistics, context) ?? Distance(weight, statistics.CentredMeans, statistics.MeansCoincide);
        Number frame = LastLayerOnly(statistics, context) ?? Distance(weight, statistics.Means, statistics.IsRounding(Reductions.SumOfSquares(statistics.Means.AsMatrix())));
        return new ClassDuality(self, frame, MeasureAlignment(statistics, weight, context.PreActivationMeans, compute));
    }

    /// <summary>Class means of a dense layer's pre-activation from those of its input: the rows W μ_c + b, exact because the mean of a linear map is the map of the mean.</summary>
    /// <param name="means">Class means of the input as rows, K × d.</param>
    /// <param name="weight">W, out × d.</param>
    /// <param name="bias">b, out entries; empty for none.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>K × out.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public static Tensor<double> PreActivationMeans(Tensor<double> means, ReadOnlyMatrixSpan<double> weight, ReadOnlySpan<double> bias, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(means);
        ArgumentNullException.ThrowIfNull(compute);
        return AffineMap.Apply(means.AsMatrix(), weight, bias, compute);
    }

    private static Number? LastLayerOnly(ClassStatistics statistics, CollapseContext context)
    {
        if (!context.IsLastLayer)
            return Number.Undefined("defined at the last layer only");
        int outputs = context.Weight!.Rows;
        return outputs == statistics.Classes
            ? null
            : Number.Undefined($"the last layer has {outputs} outputs for {statistics.Classes} classes");
    }

    private static Number MeasureAlignment(ClassStatistics statistics, Tensor<double> weight, Tensor<double>? preActivationMeans, Compute compute)
    {
        if (preActivationMeans is null)
            return Number.Undefined("no class means of the pre-activation given");
        MatrixGuard.Shape(preActivationMeans.AsMatrix(), statistics.Classes, weight.Rows, nameof(preActivationMeans));
        MatrixGuard.Finite(preActivationMeans.AsMatrix(), nameof(preActivationMeans));
        Tensor<double> product = new(weight.Rows, weight.Columns);
        compute.Multiply(1.0, preActivationMeans.AsMatrix(), MatrixOp.Transpose, statistics.Means.AsMatrix(), MatrixOp.None, 0.0, product.AsMatrix());
        bool zeroMeans = statistics.IsRounding(Reductions.SumOfSquares(statistics.Means.AsMatrix()));
        return Distance(weight, product, zeroMeans);
    }

    // Entry by entry, not as 2 − 2 cos: that would lose half the digits exactly where duality holds.
    private static Number Distance(Tensor<double> weight, Tensor<double> target, bool targetIsZero)
    {
        double weightNorm = Reductions.FrobeniusNorm(weight.AsMatrix());
        double targetNorm = Reductions.FrobeniusNorm(target.AsMatrix());
        if (weightNorm == 0.0)
            return Number.Undefined("the weight is zero");
        if (targetIsZero || targetNorm == 0.0)
            return Number.Undefined("the class means it is compared with are zero");
        double[] scaledWeight = new double[weight.Length], scaledTarget = new double[weight.Length];
        TensorPrimitives.Divide(weight.Span, weightNorm, scaledWeight);
        TensorPrimitives.Divide(target.Span, targetNorm, scaledTarget);
        return Number.Of(Math.Sqrt(Reductions.SquaredDistance(scaledWeight, scaledTarget)));
    }
}
