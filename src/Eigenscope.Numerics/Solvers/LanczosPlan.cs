using Eigenscope.Numerics.Operators;

namespace Eigenscope.Numerics.Solvers;

/// <summary>The sizes of an iterative solve, settled before it starts.</summary>
/// <param name="Top">Pairs wanted from the top end, ≤ n.</param>
/// <param name="Bottom">Pairs wanted from the bottom end, ≤ n.</param>
/// <param name="Tolerance">Relative residual asked for.</param>
/// <param name="BlockSize">Vectors per block.</param>
/// <param name="WideBlock">Most vectors injected at once while copies of a multiple eigenvalue keep turning up.</param>
/// <param name="MaxBasis">Basis vectors before a restart.</param>
/// <param name="MaxApplications">Budget of products.</param>
/// <param name="SearchSteps">Products per vector of a search for missed eigenvalues.</param>
internal sealed record LanczosPlan(int Top, int Bottom, double Tolerance, int BlockSize, int WideBlock, int MaxBasis, int MaxApplications, int SearchSteps)
{
    // An operator whose block costs less than this per vector gains from large blocks; above it the number of products decides.
    private const double CheapBlock = 0.5;
    private const int CheapBlockSize = 8;
    private const int CostlyBlockSize = 2;
    private const int LargestWideBlock = 16;
    private const int MinimumBasis = 60;

    // Beyond a few hundred pairs the analysis of T would cost more than the products that a larger basis saves.
    private const int LargestExtra = 200;

    // 2 GiB of basis vectors, unless the pairs asked for need more.
    private const long DefaultBasisNumbers = 1L << 28;

    // Kuczyński and Wozniakowski (1992), section 4: j Lanczos steps from a random start miss the largest eigenvalue by more than ε of the spread with probability at
    // most 1.648 √n exp(−√ε (2j − 1)).
    private const double MissProbability = 1e-3;
    private const double MissedSpread = 0.1;

    public int Wanted => Top + Bottom;

    /// <summary>Most pending vectors: with more, converged pairs are locked and the rest starts anew.</summary>
    public int MaxPending => 2 * WideBlock;

    public int Capacity => MaxBasis + MaxPending + (2 * WideBlock);

    public static LanczosPlan For(LinearOperator operand, EigenOptions options)
    {
        int n = operand.Rows;
        int top = Math.Min(options.Top, n);
        int bottom = Math.Min(options.Bottom, n);
        int block = Math.Min(options.BlockSize > 0 ? options.BlockSize : operand.BlockCostPerVector < CheapBlock ? CheapBlockSize : CostlyBlockSize, n);
        int wide = Wide(n, block);
        int budget = options.MaxApplications > 0 ? options.MaxApplications : (int)Math.Min(int.MaxValue, (100L * (top + bottom)) + 1000);
        return new LanczosPlan(top, bottom, options.Tolerance, block, wide, Basis(n, top + bottom, block, wide, options.MaxBasis), budget, StepsFor(n));
    }

    /// <summary>The least <see cref="Capacity"/> that any operator of dimension n gets, whatever a block costs it.</summary>
    public static long LeastCapacity(int n, EigenOptions options)
    {
        int block = Math.Min(options.BlockSize > 0 ? options.BlockSize : CheapBlockSize, n);
        int wide = Wide(n, block);
        long wanted = (long)Math.Min(options.Top, n) + Math.Min(options.Bottom, n);
        return Math.Min(n, Math.Max(options.MaxBasis, LeastBasis(wanted, block, wide))) + (4L * wide);
    }

    private static int Wide(int n, int block) => Math.Max(block, Math.Min(LargestWideBlock, n));

    private static long LeastBasis(long wanted, int block, int wide) => wanted + (2L * wide) + block;

    private static int Basis(int n, int wanted, int block, int wide, int asked)
    {
        long least = LeastBasis(wanted, block, wide);
        long generous = Math.Max(MinimumBasis, Math.Min(4L * wanted, (2L * wanted) + LargestExtra)) + (4L * block);
        long affordable = Math.Max(least, DefaultBasisNumbers / n);
        long chosen = asked > 0 ? Math.Max(asked, least) : Math.Max(least, Math.Min(generous, affordable));
        return (int)Math.Min(chosen, n);
    }

    private static int StepsFor(int n) =>
        (int)Math.Ceiling(((Math.Log(1.648 * Math.Sqrt(n) / MissProbability) / Math.Sqrt(MissedSpread)) + 1) / 2);
}
