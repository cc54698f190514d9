using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Collapse;

/// <summary>
/// Neural collapse of one layer's input: every NC1–NC4 number under its one definition, computed in float64. Each is exact for the given data up to rounding, so none carries an error bar;
/// those that do not exist for the data say why.
/// </summary>
public sealed record CollapseMetrics
{
    /// <summary>tr Σ_W / tr Σ_B; see <see cref="WithinClassVariability.TraceRatio"/>.</summary>
    public required Number Nc1TraceRatio { get; init; }

    /// <summary>The trace ratio in the normalisation of published code, K times smaller; see <see cref="WithinClassVariability.PublishedTraceRatio"/>.</summary>
    public required Number Nc1PublishedTraceRatio { get; init; }

    /// <summary>tr(Σ_W Σ_B⁺)/K with the rank and cut it rests on; see <see cref="WithinClassVariability.PseudoInverse"/>.</summary>
    public required PseudoInverseNc1 Nc1PseudoInverse { get; init; }

    /// <summary>Class-distance normalised variance; see <see cref="WithinClassVariability.ClassDistanceNormalizedVariance"/>.</summary>
    public required Number Nc1Cdnv { get; init; }

    /// <summary>See <see cref="ClassMeanGeometry.Equinorm"/>.</summary>
    public required Number Nc2Equinorm { get; init; }

    /// <summary>See <see cref="ClassMeanGeometry.Equiangle"/>.</summary>
    public required Number Nc2Equiangle { get; init; }

    /// <summary>See <see cref="ClassMeanGeometry.SimplexDistance"/>.</summary>
    public required Number Nc2SimplexDistance { get; init; }

    /// <summary>See <see cref="ClassMeanGeometry.FrameDistance"/>.</summary>
    public required Number Nc2FrameDistance { get; init; }

    /// <summary>See <see cref="ClassDuality.SelfDuality"/>.</summary>
    public required Number Nc3SelfDuality { get; init; }

    /// <summary>See <see cref="ClassDuality.FrameDuality"/>.</summary>
    public required Number Nc3FrameDuality { get; init; }

    /// <summary>See <see cref="ClassDuality.Alignment"/>.</summary>
    public required Number Nc3Alignment { get; init; }

    /// <summary>See <see cref="NearestClassMean.Agreement"/>.</summary>
    public required Number Nc4Agreement { get; init; }

    /// <summary>Total cluster variation, (1/N) Σ_{c,i} ‖x_ci − μ_c‖² = tr Σ_W.</summary>
    public required double Tcv { get; init; }

    /// <summary>‖μ_c‖, uncentred, in class order.</summary>
    public required IReadOnlyList<double> ClassMeanNorms { get; init; }

    /// <summary>The moments everything above was computed from.</summary>
    public required ClassStatistics Statistics { get; init; }

    /// <summary>Measures every collapse number of one layer's input.</summary>
    /// <param name="samples">N × d features, one sample a row, finite.</param>
    /// <param name="labels">N class indices in 0 … K − 1, each class at least once.</param>
    /// <param name="classes">K ≥ 2.</param>
    /// <param name="compute">Where to compute.</param>
    /// <param name="context">What is known about the layer the features enter; by default nothing, and NC3 and NC4 are undefined.</param>
    /// <returns>The numbers.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit, a label or prediction is out of range, a class has no samples (the message names it), or a number is not finite.</exception>
    public static CollapseMetrics Measure(
        ReadOnlyMatrixSpan<double> samples, ReadOnlySpan<int> labels, int classes, Compute compute, CollapseContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(compute);
        context ??= new CollapseContext();
        ClassStatistics statistics = ClassStatistics.Measure(samples, labels, classes);
        ClassMeanGeometry geometry = ClassMeanGeometry.Measure(statistics, compute);
        ClassDuality duality = ClassDuality.Measure(statistics, context, compute);
        return new CollapseMetrics
        {
            Nc1TraceRatio = WithinClassVariability.TraceRatio(statistics),
            Nc1PublishedTraceRatio = WithinClassVariability.PublishedTraceRatio(statistics),
            Nc1PseudoInverse = WithinClassVariability.PseudoInverse(statistics, samples, labels, compute),
            Nc1Cdnv = WithinClassVariability.ClassDistanceNormalizedVariance(statistics),
            Nc2Equinorm = geometry.Equinorm,
            Nc2Equiangle = geometry.Equiangle,
            Nc2SimplexDistance = geometry.SimplexDistance,
            Nc2FrameDistance = geometry.FrameDistance,
            Nc3SelfDuality = duality.SelfDuality,
            Nc3FrameDuality = duality.FrameDuality,
            Nc3Alignment = duality.Alignment,
            Nc4Agreement = context.Predictions is { } predictions
                ? NearestClassMean.Agreement(statistics, samples, predictions, compute)
                : Number.Undefined("no predictions given"),
            Tcv = statistics.WithinTrace,
            ClassMeanNorms = statistics.MeanNorms(),
            Statistics = statistics,
        };
    }
}
