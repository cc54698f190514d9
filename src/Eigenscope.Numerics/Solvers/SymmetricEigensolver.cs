using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Numerics.Solvers;

/// <summary>
/// Eigenpairs at the two ends of a symmetric operator's spectrum. Small operators are solved densely: all eigenvalues, each as often as it occurs. Others by
/// thick-restarted block Lanczos (Wu and Simon, SIAM J. Matrix Anal. Appl. 22, 2000), in a <see cref="BlockLanczosFactorization"/> that takes new random vectors at any time.
/// <para><b>Multiplicities.</b> A Krylov space grown from b vectors holds at most b copies of an eigenvalue. Two things make up for it. As soon as a converged value
/// has been found as often as there were starts, batches of 1, 2, 4 … 16 random vectors orthogonal to the basis follow, until one of them finds no further copy.
/// And when all wanted pairs have converged, a last random vector, orthogonal to the basis (reduced to the pairs whose values are known by then), is sent through its own Krylov space; whatever it shows beyond the
/// last wanted value is taken in, and the search repeats until it shows nothing. A copy that was not seen has its eigenvector orthogonal to the basis; with probability 0.999 over
/// the random start the search shows it if it exceeds the last wanted value by at least 10 % of the spread of what is left of the spectrum there (Kuczyński and Woźniakowski,
/// SIAM J. Matrix Anal. Appl. 13, 1992), and far smaller distances as a rule, because the basis has taken the upper spectrum out. It does not guarantee that a missed eigenvalue
/// closer to the last wanted value is seen, nor does any method that knows an operator by its products alone: only the dense solve does. Eigenvalues within
/// <see cref="EigenPairs.MultiplicityTolerance"/> of one another are not told apart.</para>
/// <para><b>Residuals</b> are those of the returned vectors, from fresh products, relative to max|θ| over the returned values (not below 100 · 2⁻⁵² ‖A‖ / tolerance, where rounding decides).
/// After a cancellation, or a product with a NaN, no more products are made: the residuals come from the recurrence then, and the message says so.</para>
/// <para><b>Cost.</b> Products, plus orthogonalisation that reads the basis twice per block (four times where cancellation asks for it): the less often the wider the block. Where products are
/// cheaper than that, a larger <see cref="EigenOptions.BlockSize"/> is faster although it takes more of them.</para>
/// <para><b>Memory</b>: <see cref="EigenOptions.MaxBasis"/> + 64 vectors of n numbers (+ 4 b when b &gt; 16); by default min(4 k, 2 k + 200) + 4 b for k = Top + Bottom, at least 60, at most 2 GiB
/// unless the pairs themselves need more. The dense solve holds three n × n arrays.</para>
/// </summary>
public static class SymmetricEigensolver
{
    private const int LargestBlock = 256;
    internal const string DenseMethod = "dense";
    internal const string IterativeMethod = "block-lanczos";

    // A dense solve costs less than a second here on either backend, and is exact.
    private const int AlwaysDense = 1000;

    // Where nearly the whole spectrum is wanted, the iteration would build the whole space: dense while three n × n arrays stay below 1.5 GB.
    private const int LargestDense = 8000;

    /// <summary>Computes eigenpairs at the ends of the spectrum.</summary>
    /// <param name="operand">A, declared symmetric, n × n; n = 0 gives an empty, complete result.</param>
    /// <param name="options">What to compute. A dense solve lists every eigenvalue whatever <see cref="EigenOptions.Top"/> says, unless nothing was asked for.</param>
    /// <param name="compute">Where the arithmetic runs.</param>
    /// <param name="random">Source of start vectors; consumed. Same stream, thread count and backend: same bits.</param>
    /// <param name="progress">Told after every analysis of the basis; may be null.</param>
    /// <param name="cancellation">Ends the solve between products, with what is there; nothing is thrown.</param>
    /// <returns>The pairs with their verdict.</returns>
    /// <exception cref="ArgumentException">The operator is not declared symmetric, or is found not to be; an option is out of range.</exception>
    public static EigenPairs Solve(LinearOperator operand, EigenOptions options, Compute compute, RandomStream random, IProgress<EigenProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(operand);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(compute);
        ArgumentNullException.ThrowIfNull(random);
        if (!operand.IsSymmetric)
            throw new ArgumentException("expected an operator declared symmetric; pass OperatorStructure.Symmetric to its constructor if it is", nameof(operand));
        Check(options, operand.Rows);
        if (operand.Rows == 0 || (options.Top == 0 && options.Bottom == 0))
            return Trivial(operand, options);
        OperatorProducts products = new(operand);
        LanczosPlan plan = LanczosPlan.For(operand, options);
        if (IsDense(plan, operand.Rows, options.DenseLimit, compute))
            return new DenseEigensolver(products, options, compute, progress, cancellation).Solve();
        return new LanczosIteration(plan, products, compute, random, progress, cancellation).Run(StartBlock.From(options.Start, plan, random)).ToEigenPairs(options);
    }

    /// <summary>
    /// The fewest vectors of n numbers that an iterative solve has room for. They lie in one array, and beside it one with their number squared: a solve is refused where either exceeds
    /// <see cref="Array.MaxLength"/>. Whoever works long before the solve can ask first.
    /// </summary>
    /// <param name="dimension">n ≥ 0.</param>
    /// <param name="options">What is to be computed; where the block size is left to the solver, the largest it chooses is counted.</param>
    /// <returns>Top + Bottom + 2 w + b vectors, at most n of them, and 4 w more, for blocks of b and w = max(b, 16).</returns>
    /// <exception cref="ArgumentException">The dimension or an option is out of range.</exception>
    public static long LeastVectors(int dimension, EigenOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(dimension);
        ArgumentNullException.ThrowIfNull(options);
        Check(options, dimension);
        return LanczosPlan.LeastCapacity(dimension, options);
    }

    private static bool IsDense(LanczosPlan plan, int n, int limit, Compute compute)
    {
        if (limit >= 0)
            return n <= limit;
        bool wholeSpace = 2L * plan.Wanted >= n || plan.MaxBasis >= n;
        return n <= Math.Max(AlwaysDense, compute.Blas.DenseEigenLimit) || (wholeSpace && n <= LargestDense);
    }

    private static EigenPairs Trivial(LinearOperator operand, EigenOptions options)
    {
        string message = operand.Rows == 0 ? "The operator has dimension 0 and no eigenvalues." : "No eigenvalues were asked for.";
        return EigenPairsBuilder.Empty(operand.Rows, DenseMethod, new Convergence(ConvergenceStatus.Converged, 0, options.Tolerance, double.NaN, message));
    }

    private static void Check(EigenOptions options, int dimension)
    {
        List<string> faults = [];
        Require(options.Top >= 0, $"Top must be ≥ 0, got {options.Top}");
        Require(options.Bottom >= 0, $"Bottom must be ≥ 0, got {options.Bottom}");
        Require(options.Tolerance is > 0 and < 1, $"Tolerance must lie between 0 and 1, got {options.Tolerance}");
        Require(options.BlockSize is >= 0 and <= LargestBlock, $"BlockSize must lie in 0 … {LargestBlock} (0 chooses), got {options.BlockSize}");
        Require(options.MaxBasis >= 0, $"MaxBasis must be ≥ 0 (0 chooses), got {options.MaxBasis}");
        Require(options.MaxApplications >= 0, $"MaxApplications must be ≥ 0 (0 chooses), got {options.MaxApplications}");
        Require(options.DenseLimit >= -1, $"DenseLimit must be ≥ −1 (−1 asks the backend, 0 never), got {options.DenseLimit}");
        Require(options.Start is null || options.Start.Dimension == dimension, $"Start must belong to an operator of dimension {dimension}, got {options.Start?.Dimension}");
        Require(options.Start is null || StartBlock.HasVectors(options.Start), $"Start came without its eigenvectors; solve with KeepVectors");
        if (faults.Count > 0)
            throw new ArgumentException(string.Join("; ", faults), nameof(options));

        void Require(bool holds, FormattableString fault)
        {
            if (!holds)
                faults.Add(FormattableString.Invariant(fault));
        }
    }
}
