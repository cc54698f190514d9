using System.Text.Json.Serialization;
using Eigenscope.Analysis;
using Eigenscope.Analysis.Collapse;

namespace Eigenscope.Experiments.Reports;

/// <summary>The collapse numbers of one set of features, under the names of the JSON.</summary>
public sealed record CollapseReport
{
    /// <summary>Takes over the numbers of a measurement.</summary>
    /// <param name="metrics">The measurement.</param>
    public CollapseReport(CollapseMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        Nc1TraceRatio = metrics.Nc1TraceRatio;
        Nc1PseudoInverse = metrics.Nc1PseudoInverse.Value;
        Nc1PseudoInverseRank = metrics.Nc1PseudoInverse.Rank;
        Nc1PseudoInverseCut = metrics.Nc1PseudoInverse.Cut;
        Nc1Cdnv = metrics.Nc1Cdnv;
        Nc2Equinorm = metrics.Nc2Equinorm;
        Nc2Equiangle = metrics.Nc2Equiangle;
        Nc2SimplexDistance = metrics.Nc2SimplexDistance;
        Nc2FrameDistance = metrics.Nc2FrameDistance;
        Nc3SelfDuality = metrics.Nc3SelfDuality;
        Nc3FrameDuality = metrics.Nc3FrameDuality;
        Nc3Alignment = metrics.Nc3Alignment;
        Nc4Agreement = metrics.Nc4Agreement;
        Tcv = Number.Of(metrics.Tcv);
        ClassMeanNorms = metrics.ClassMeanNorms;
    }

    private CollapseReport(Number none) =>
        (Nc1TraceRatio, Nc1PseudoInverse, Nc1Cdnv, Nc2Equinorm, Nc2Equiangle, Nc2SimplexDistance, Nc2FrameDistance, Nc3SelfDuality, Nc3FrameDuality, Nc3Alignment, Nc4Agreement, Tcv, ClassMeanNorms) =
        (none, none, none, none, none, none, none, none, none, none, none, none, []);

    /// <summary>tr Σ_W / tr Σ_B.</summary>
    public Number Nc1TraceRatio { get; }

    /// <summary>tr(Σ_W Σ_B⁺)/K.</summary>
    public Number Nc1PseudoInverse { get; }

    /// <summary>Rank of the class means that entered the pseudo-inverse.</summary>
    public int Nc1PseudoInverseRank { get; }

    /// <summary>Singular values at or below it were cut.</summary>
    public double Nc1PseudoInverseCut { get; }

    /// <summary>Class-distance normalised variance.</summary>
    public Number Nc1Cdnv { get; }

    /// <summary>Relative spread of the class means' norms.</summary>
    public Number Nc2Equinorm { get; }

    /// <summary>Mean distance of the class means' cosines from −1/(K−1).</summary>
    public Number Nc2Equiangle { get; }

    /// <summary>Mean squared distance of the Gram matrix from the simplex's.</summary>
    public Number Nc2SimplexDistance { get; }

    /// <summary>Mean squared distance of the uncentred Gram matrix from the identity.</summary>
    public Number Nc2FrameDistance { get; }

    /// <summary>Distance of the last weight from the centred class means.</summary>
    public Number Nc3SelfDuality { get; }

    /// <summary>Distance of the last weight from the uncentred class means.</summary>
    public Number Nc3FrameDuality { get; }

    /// <summary>Distance of the weight from Σ_c m_c μ_cᵀ.</summary>
    public Number Nc3Alignment { get; }

    /// <summary>Share of samples whose nearest class mean is the predicted class.</summary>
    public Number Nc4Agreement { get; }

    /// <summary>Total cluster variation.</summary>
    public Number Tcv { get; }

    /// <summary>‖μ_c‖, uncentred; null along training, and empty without classes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? ClassMeanNorms { get; init; }

    /// <summary>The collapse of features whose samples have no classes.</summary>
    /// <param name="reason">Why they have none.</param>
    /// <returns>A report without a number.</returns>
    public static CollapseReport Undefined(string reason) => new(Number.Undefined(reason));
}
