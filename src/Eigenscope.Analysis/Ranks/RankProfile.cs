using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Ranks;

/// <summary>The singular values of a matrix and the ranks read off them. All but the absolute distance are invariant to scaling.</summary>
public sealed record RankProfile
{
    private const string ZeroMatrix = "the matrix is zero";

    /// <summary>All min(rows, columns) singular values σ_1 ≥ σ_2 ≥ …</summary>
    public required IReadOnlyList<double> SingularValues { get; init; }

    /// <summary>‖A‖_F² / ‖A‖_2²; undefined for the zero matrix.</summary>
    public required Number StableRank { get; init; }

    /// <summary>#{σ_i > ε σ_1}; undefined for the zero matrix.</summary>
    public required Number NumericalRank { get; init; }

    /// <summary>exp of the entropy (nats) of σ_i/Σσ (Roy, Vetterli, "The effective rank", EUSIPCO 2007); undefined for the zero matrix.</summary>
    public required Number EffectiveRank { get; init; }

    /// <summary>Distance to rank K in the Frobenius norm, (Σ_{j>K} σ_j²)^{1/2}; 0 for the zero matrix.</summary>
    public required double RankKDistance { get; init; }

    /// <summary><see cref="RankKDistance"/> over ‖A‖_F, in [0, 1]; undefined for the zero matrix.</summary>
    public required Number RelativeRankKDistance { get; init; }

    /// <summary>The K and ε used.</summary>
    public required RankOptions Options { get; init; }

    /// <summary>Measures a matrix.</summary>
    /// <param name="matrix">Any matrix of at least one entry, finite.</param>
    /// <param name="options">K and ε.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>The profile.</returns>
    /// <exception cref="ArgumentException">The matrix is empty or not finite, or an option is out of range.</exception>
    public static RankProfile Measure(ReadOnlyMatrixSpan<double> matrix, RankOptions options, Compute compute) =>
        FromSingularValues(Ranks.SingularValues.Of(matrix, compute), options);

    /// <summary>The profile of a matrix whose singular values are known.</summary>
    /// <param name="singularValues">All of them, descending, finite and ≥ 0; at least one.</param>
    /// <param name="options">K and ε.</param>
    /// <returns>The profile.</returns>
    /// <exception cref="ArgumentException">The list is empty, not descending, negative or not finite, or an option is out of range.</exception>
    public static RankProfile FromSingularValues(IReadOnlyList<double> singularValues, RankOptions options)
    {
        ArgumentNullException.ThrowIfNull(singularValues);
        ArgumentNullException.ThrowIfNull(options);
        Check(singularValues);
        Check(options);
        double first = singularValues[0];
        return new RankProfile
        {
            SingularValues = singularValues,
            StableRank = Relative(first, () => Square(Tail(singularValues, 0))),
            NumericalRank = Relative(first, () => singularValues.Count(s => s > options.NumericalRankThreshold * first)),
            EffectiveRank = Relative(first, () => Math.Exp(Entropy(singularValues))),
            RankKDistance = DistanceToRank(singularValues, options.TargetRank),
            RelativeRankKDistance = Relative(first, () => Tail(singularValues, options.TargetRank) / Tail(singularValues, 0)),
            Options = options,
        };
    }

    /// <summary>(Σ_{j>K} σ_j²)^{1/2}, the Frobenius distance to the nearest matrix of rank K (Eckart, Young 1936).</summary>
    /// <param name="singularValues">All singular values, descending; at least one.</param>
    /// <param name="rank">K ≥ 0.</param>
    /// <returns>The distance, 0 when K is at least the number of singular values.</returns>
    /// <exception cref="ArgumentException">The list is empty, not descending, negative or not finite, or the rank is negative.</exception>
    public static double DistanceToRank(IReadOnlyList<double> singularValues, int rank)
    {
        ArgumentNullException.ThrowIfNull(singularValues);
        ArgumentOutOfRangeException.ThrowIfNegative(rank);
        Check(singularValues);
        return singularValues[0] == 0.0 ? 0.0 : singularValues[0] * Tail(singularValues, rank);
    }

    // In units of σ_1, so that no square overflows or underflows whatever the scale.
    private static double Tail(IReadOnlyList<double> singularValues, int rank)
    {
        double sum = 0.0;
        for (int i = singularValues.Count - 1; i >= rank; i--)
            sum += Square(singularValues[i] / singularValues[0]);
        return Math.Sqrt(sum);
    }

    private static double Entropy(IReadOnlyList<double> singularValues)
    {
        double total = singularValues.Sum(s => s / singularValues[0]);
        double entropy = 0.0;
        foreach (double value in singularValues)
        {
            double share = value / singularValues[0] / total;
            entropy -= share > 0.0 ? share * Math.Log(share) : 0.0;
        }
        return entropy;
    }

    private static Number Relative(double first, Func<double> value) =>
        first == 0.0 ? Number.Undefined(ZeroMatrix) : Number.Of(value());

    private static double Square(double x) => x * x;

    private static void Check(IReadOnlyList<double> singularValues)
    {
        if (singularValues.Count == 0)
            throw new ArgumentException("expected at least one singular value", nameof(singularValues));
        double previous = double.MaxValue;
        for (int i = 0; i < singularValues.Count; i++)
        {
            if (!(singularValues[i] >= 0.0 && singularValues[i] <= previous))
                throw new ArgumentException($"expected finite singular values ≥ 0 in descending order, got {singularValues[i]} at index {i}", nameof(singularValues));
            previous = singularValues[i];
        }
    }

    private static void Check(RankOptions options)
    {
        if (options.TargetRank < 0)
            throw new ArgumentOutOfRangeException(nameof(options), options.TargetRank, "expected a target rank ≥ 0");
        if (!(options.NumericalRankThreshold is >= 0.0 and < 1.0))
            throw new ArgumentOutOfRangeException(nameof(options), options.NumericalRankThreshold, "expected a numerical rank threshold in [0, 1)");
    }
}
