using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Analysis.Collapse;

/// <summary>
/// Where within one dense layer the collapse happens (Beaglehole et al., "Average gradient outer product as a mechanism for deep neural collapse", arXiv 2402.13728):
/// with W = U S Vᵀ, the NC1 trace ratio of the input X (base), of S Vᵀ X (right) and of σ(U S Vᵀ X + b) (left).
/// </summary>
/// <param name="Base">NC1 trace ratio of X.</param>
/// <param name="Right">NC1 trace ratio of S Vᵀ X, equal to that of W X because U has orthonormal columns.</param>
/// <param name="Left">NC1 trace ratio of the layer's output; the bias enters here only. Equal to <paramref name="Right"/> in a linear layer.</param>
/// <param name="RightShare">(ln base − ln right)/(ln base − ln left), the share of the collapse done by the right singular structure of the weight. 1 in a linear layer; otherwise only where ln base − ln left ≥ 0.1.</param>
public sealed record CollapseSteps(Number Base, Number Right, Number Left, Number RightShare)
{
    /// <summary>Least drop of ln NC1 over the layer, in nats, for which a share of it means anything.</summary>
    public const double LeastDrop = 0.1;

    /// <summary>Measures one dense layer.</summary>
    /// <param name="samples">X, N × d, one sample a row.</param>
    /// <param name="labels">N class indices in 0 … K − 1, each class at least once.</param>
    /// <param name="classes">K ≥ 2.</param>
    /// <param name="weight">W, out × d.</param>
    /// <param name="bias">b, out entries; empty for none.</param>
    /// <param name="activation">σ; null for a linear layer.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>The steps.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit, a label is out of range, a class has no samples, or a number is not finite.</exception>
    public static CollapseSteps Measure(
        ReadOnlyMatrixSpan<double> samples, ReadOnlySpan<int> labels, int classes,
        ReadOnlyMatrixSpan<double> weight, ReadOnlySpan<double> bias, ElementwiseActivation? activation, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(compute);
        ClassStatistics statistics = ClassStatistics.Measure(samples, labels, classes);
        Number @base = WithinClassVariability.TraceRatio(statistics);
        Number right = MeasureRight(statistics, samples, labels, weight, compute);
        if (activation is null)
            return Linear(@base, right);
        Tensor<double> output = AffineMap.Apply(samples, weight, bias, compute);
        for (int i = 0; i < output.Rows; i++)
            activation(output.Row(i));
        Number left = WithinClassVariability.TraceRatio(ClassStatistics.Measure(output.AsMatrix(), labels, classes));
        return Nonlinear(@base, right, left);
    }

    /// <summary>The steps of a layer with an activation from NC1 trace ratios measured elsewhere (the left one is the base of the next layer in a plain chain of layers).</summary>
    /// <param name="base">NC1 of the layer's input.</param>
    /// <param name="right">NC1 of S Vᵀ X.</param>
    /// <param name="left">NC1 of the layer's output.</param>
    /// <returns>The steps with the share, undefined where the drop is below <see cref="LeastDrop"/> or a ratio is undefined or zero.</returns>
    public static CollapseSteps Nonlinear(Number @base, Number right, Number left) => new(@base, right, left, Share(@base, right, left));

    /// <summary>The steps of a linear layer, whose whole collapse is the weight's.</summary>
    /// <param name="base">NC1 of the layer's input.</param>
    /// <param name="right">NC1 of S Vᵀ X.</param>
    /// <returns>The steps with share 1, undefined where a ratio is.</returns>
    public static CollapseSteps Linear(Number @base, Number right)
    {
        Number share = !@base.IsDefined ? @base : !right.IsDefined ? right : Number.Of(1.0);
        return new CollapseSteps(@base, right, right, share);
    }

    /// <summary>NC1 trace ratio of S Vᵀ X, W = U S Vᵀ, without forming N × out features: centred samples and centred class means go through S Vᵀ in blocks.</summary>
    /// <param name="statistics">Class statistics of X.</param>
    /// <param name="samples">X, N × d.</param>
    /// <param name="labels">The labels of the statistics.</param>
    /// <param name="weight">W, out × d.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>The ratio; undefined when the mapped class means coincide, as under a zero weight.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit, or the weight is not finite.</exception>
    public static Number MeasureRight(
        ClassStatistics statistics, ReadOnlyMatrixSpan<double> samples, ReadOnlySpan<int> labels, ReadOnlyMatrixSpan<double> weight, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(compute);
        MatrixGuard.Shape(samples, statistics.Samples, statistics.Dimension, nameof(samples));
        MatrixGuard.NotEmpty(weight, nameof(weight));
        MatrixGuard.Shape(weight, weight.Rows, statistics.Dimension, nameof(weight));
        MatrixGuard.Finite(weight, nameof(weight));
        (Tensor<double> map, double gain) = RightFactor(weight, compute);
        Tensor<double> means = AffineMap.Apply(statistics.CentredMeans.AsMatrix(), map.AsMatrix(), [], compute);
        double between = Reductions.SumOfSquares(means.AsMatrix()) / statistics.Classes;
        // The means reach the map with rounding relative to their own length, which the map can stretch by its largest singular value.
        if (statistics.IsRounding(between, gain * gain))
            return Number.Undefined("the class means coincide after the weight");
        double within = TensorPrimitives.Sum<double>(WithinClassVariability.MeanSquaresAlong(map.AsMatrix(), statistics, samples, labels, compute));
        return Number.Of(within / between);
    }

    private static (Tensor<double> Map, double Gain) RightFactor(ReadOnlyMatrixSpan<double> weight, Compute compute)
    {
        int thin = Math.Min(weight.Rows, weight.Columns);
        double[] sigma = new double[thin];
        Tensor<double> copy = new(weight.Rows, weight.Columns), left = new(weight.Rows, thin), right = new(thin, weight.Columns);
        weight.CopyTo(copy.AsMatrix());
        compute.Blas.Svd(copy.AsMatrix(), sigma, left.AsMatrix(), right.AsMatrix());
        for (int i = 0; i < thin; i++)
            TensorPrimitives.Multiply(right.Row(i), sigma[i], right.Row(i));
        return (right, sigma[0]);
    }

    private static Number Share(Number @base, Number right, Number left)
    {
        foreach (Number ratio in (ReadOnlySpan<Number>)[@base, right, left])
        {
            if (!ratio.IsDefined)
                return ratio;
            if (ratio.Value == 0.0)
                return Number.Undefined("an NC1 of exactly zero has no logarithm");
        }
        double drop = Math.Log(@base.Value!.Value) - Math.Log(left.Value!.Value);
        return drop >= LeastDrop
            ? Number.Of((Math.Log(@base.Value.Value) - Math.Log(right.Value!.Value)) / drop)
            : Number.Undefined("ln NC1 drops by less than 0.1 over the layer");
    }
}
