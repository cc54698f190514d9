namespace Eigenscope.Theory.UnconstrainedFeatures;

/// <summary>
/// The curvature of the data loss in the logits at a collapsed point, as the class block sees it. For mean squared error it is the identity. For cross-entropy a
/// sample of class c has <c>Λ_c = q I + κ ê_c ê_cᵀ</c> on 1⊥, ê_c = e_c − 1/K, κ = Kq(P − q), so that
/// <c>X ↦ Σ_c Λ_c X ê_c ê_cᵀ</c> is q X plus a term on span{ê_c ê_cᵀ}, whose eigenvalues are κ(K−1)/K (once) and κ(K−2)/K (K−1 times).
/// </summary>
internal sealed class ClassBlock
{
    private readonly UfmOptimum _optimum;
    private readonly double _classes;

    /// <summary>Of an optimum.</summary>
    public ClassBlock(UfmOptimum optimum)
    {
        _optimum = optimum;
        _classes = optimum.Setting.Classes;
        Modes = IsCrossEntropy ? CrossEntropyModes() : SquaredErrorModes();
    }

    /// <summary>All r² directions.</summary>
    public IReadOnlyList<CurvatureMode> Modes { get; }

    /// <summary>Second derivative of the data loss for a shift of all logits by a unit vector of 1⊥.</summary>
    public double ShiftCurvature => IsCrossEntropy ? OffProbability + (Kappa / _classes) : 1;

    /// <summary>Eigenvalues of Λ_c on 1⊥ (all of the logits without a last bias), with their multiplicities, summing to r.</summary>
    public IEnumerable<PredictedGroup> LogitCurvature => IsCrossEntropy
        ? [new(OwnCurvature, 1), new(OffProbability, _optimum.Setting.Classes - 2)]
        : [new(1, _optimum.Rank)];

    private bool IsCrossEntropy => _optimum.Setting.Loss == UfmLoss.CrossEntropy;

    private double OffProbability => _optimum.OffProbability.GetValueOrDefault();

    private double OwnProbability => _optimum.OwnProbability.GetValueOrDefault();

    private double OwnCurvature => OffProbability * OwnProbability * _classes;

    private double Kappa => _classes * OffProbability * (OwnProbability - OffProbability);

    private CurvatureMode[] SquaredErrorModes()
    {
        long rank = _optimum.Rank;
        return [new CurvatureMode(_optimum.Outlier, rank * (rank + 1) / 2, rank * (rank - 1) / 2)];
    }

    private CurvatureMode[] CrossEntropyModes()
    {
        long classes = _optimum.Setting.Classes;
        double outlier = _optimum.Outlier;
        CurvatureMode common = new(outlier * OwnCurvature, 1, 0);
        if (classes == 2)
            return [common];
        double second = OffProbability + (Kappa * (_classes - 2) / _classes);
        double coupling = Kappa * Math.Sqrt(outlier * (_classes - 2)) / _classes;
        return
        [
            common,
            new CurvatureMode(outlier * second, classes - 1, 0, coupling),
            new CurvatureMode(outlier * OffProbability, classes * (classes - 3) / 2, (classes - 1) * (classes - 2) / 2),
        ];
    }
}
