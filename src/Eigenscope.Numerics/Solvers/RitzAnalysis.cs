using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Solvers;

/// <summary>Eigenpairs of T with the residuals ‖C y‖ that they have as pairs of A, in the scale of the factorisation. Buffers are reused.</summary>
internal sealed class RitzAnalysis(LanczosPlan plan, Compute compute)
{
    // Residuals below this times ‖A‖ are decided by rounding, and no tolerance can ask for less.
    private const double RoundingFactor = 100 * 2.220446049250313e-16;

    private const double LargestCopyDistance = 1e-6;

    // The recurrence's residuals are held a little below the tolerance, so that the true ones keep it.
    private const double Margin = 0.9;

    private readonly double[] _vectors = new double[plan.Capacity * plan.Capacity];
    private readonly double[] _values = new double[plan.Capacity];
    private readonly double[] _residuals = new double[plan.Capacity];
    private readonly double[] _couplings = new double[(plan.MaxPending + (2 * plan.WideBlock)) * plan.Capacity];
    private int _pending;

    /// <summary>Number of Ritz pairs, m.</summary>
    public int Count { get; private set; }

    /// <summary>Ritz values, ascending.</summary>
    public ReadOnlySpan<double> Values => _values.AsSpan(0, Count);

    /// <summary>Residual norms, in the order of <see cref="Values"/>.</summary>
    public ReadOnlySpan<double> Residuals => _residuals.AsSpan(0, Count);

    /// <summary>Ritz vectors in the basis, as rows: m × m.</summary>
    public ReadOnlyMatrixSpan<double> Vectors => new(_vectors, Count, Count);

    /// <summary>C Yᵀ: how strongly each pending vector couples to each Ritz pair, p × m.</summary>
    public ReadOnlyMatrixSpan<double> Couplings => new(_couplings, _pending, Count);

    /// <summary>What residuals are relative to: max|θ| over the wanted values, raised where rounding decides.</summary>
    public double Reference { get; private set; }

    /// <summary>Wanted pairs there are so far at the top.</summary>
    public int Top => Math.Min(plan.Top, Count);

    /// <summary>Wanted pairs there are so far at the bottom.</summary>
    public int Bottom => Math.Min(plan.Bottom, Count);

    /// <summary>Wanted pairs within the tolerance.</summary>
    public int Converged { get; private set; }

    /// <summary>Whether every wanted pair is there and within the tolerance.</summary>
    public bool IsConverged => Converged == plan.Wanted;

    public double Threshold => plan.Tolerance * Reference;

    /// <summary>Values closer than this count as equal.</summary>
    public double Resolution => Math.Max(EigenPairsBuilder.RelativeResolution * Reference, Threshold);

    /// <summary>
    /// Values closer than this are taken for copies of one eigenvalue while the solve runs. A Ritz value errs by its residual's square, so a loose tolerance
    /// must not make one group of a dense bulk.
    /// </summary>
    public double CopyDistance => Math.Max(EigenPairsBuilder.RelativeResolution, Math.Min(plan.Tolerance, LargestCopyDistance)) * Reference;

    public void Update(BlockLanczosFactorization factorization)
    {
        Count = factorization.Expanded;
        _pending = factorization.Pending;
        MatrixSpan<double> t = new(_vectors, Count, Count);
        factorization.Projected.RowRange(0, Count).CopyTo(t);
        compute.Blas.SymmetricEigen(t, _values.AsSpan(0, Count));
        MatrixSpan<double> couplings = new(_couplings, _pending, Count);
        compute.Multiply(1.0, factorization.Projected.RowRange(Count, _pending), MatrixOp.None, t, MatrixOp.Transpose, 0.0, couplings);
        for (int j = 0; j < Count; j++)
        {
            double sum = 0;
            for (int i = 0; i < _pending; i++)
                sum += couplings[i, j] * couplings[i, j];
            _residuals[j] = Math.Sqrt(sum);
        }
        Reference = ReferenceFor(plan, Values, factorization.Norm);
        Converged = CountConverged();
    }

    /// <summary>Number of Ritz values beyond a threshold at either end.</summary>
    public int CountBeyond(double above, double below)
    {
        int count = 0;
        foreach (double value in Values)
            count += value > above || value < below ? 1 : 0;
        return count;
    }

    public bool IsWanted(int index) => index >= Count - Top || index < Bottom;

    public bool IsPairConverged(int index) => _residuals[index] <= Margin * Threshold;

    /// <summary>Whether a pair's value, but not its vector, is known to the tolerance, or nearly: it errs by the square of the relative residual.</summary>
    public bool IsSettled(int index) => _residuals[index] <= Math.Sqrt(plan.Tolerance) * Reference;

    /// <summary>The largest |θ| wanted, but no less than what keeps the tolerance above rounding.</summary>
    public static double ReferenceFor(LanczosPlan plan, ReadOnlySpan<double> ascending, double norm)
    {
        double largest = RoundingFactor / plan.Tolerance * norm;
        for (int i = 0; i < ascending.Length; i++)
        {
            if (i >= ascending.Length - plan.Top || i < plan.Bottom)
                largest = Math.Max(largest, Math.Abs(ascending[i]));
        }
        return largest;
    }

    private int CountConverged()
    {
        int converged = 0;
        for (int i = 0; i < Top; i++)
            converged += IsPairConverged(Count - 1 - i) ? 1 : 0;
        for (int i = 0; i < Bottom; i++)
            converged += IsPairConverged(i) ? 1 : 0;
        return converged;
    }
}
