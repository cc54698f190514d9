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
    // Orthogonalisation reads the basis four times for every block, at the speed of memory; a core does about this many operations of a matrix product while it reads a byte.
    private const double FlopsPerByte = 6.0;
    private const int BasisPasses = 4;
    private const double MeanBasisShare = 0.75;
    private const int LargestWideBlock = 16;
    private const int MinimumBasis = 60;

    // Beyond a few hundred pairs the analysis of T would cost more than the products that a larger basis saves.
    private const int LargestExtra = 200;

    // 2 GiB of basis vectors, unless the pairs asked for need more.
    private const long DefaultBasisNumbers = 1L << 28;

    // Kuczyński and Wozniakowski (1992), section 4: j Lanczos steps from a random start miss the largest eigenvalue by more than ε of the spread with probability at
    // most 1.648 √n exp(−√ε (2j − 1)).
    private const double MissProbability = 1e-3;
    private const double MissedSpread = 0.05;

    public int Wanted => Top + Bottom;

    /// <summary>Most pending vectors: with more, converged pairs are locked and the rest starts anew.</summary>
    public int MaxPending => 2 * WideBlock;

    public int Capacity => MaxBasis + MaxPending + (2 * WideBlock);

    public static LanczosPlan For(LinearOperator operand, EigenOptions options)
    {
        int n = operand.Rows;
        int top = Math.Min(options.Top, n);
        int bottom = Math.Min(options.Bottom, n);
        int block = Math.Min(options.BlockSize > 0 ? options.BlockSize : CheapestBlock(operand, top + bottom), n);
        int wide = Math.Max(block, Math.Min(LargestWideBlock, n));
        int budget = options.MaxApplications > 0 ? options.MaxApplications : (int)Math.Min(int.MaxValue, (100L * (top + bottom)) + 1000);
        return new LanczosPlan(top, bottom, options.Tolerance, block, wide, Basis(n, top + bottom, block, wide, options.MaxBasis), budget, StepsFor(n));
    }

    // Larger blocks share one pass over the basis (and whatever the operator shares), but need more products: measured on Hessian-like spectra, see bench/arpack.
    private static int CheapestBlock(LinearOperator operand, int wanted)
    {
        ReadOnlySpan<(int Size, double Growth)> candidates = [(2, 1.0), (4, 1.08), (8, 1.22)];
        double basisBytes = sizeof(double) * MeanBasisShare * operand.Rows * Math.Max(MinimumBasis, Math.Min(4.0 * wanted, (2.0 * wanted) + LargestExtra));
        int best = candidates[0].Size;
        double least = double.PositiveInfinity;
        foreach ((int size, double growth) in candidates)
        {
            double shared = operand.BlockCostPerVector + ((1.0 - operand.BlockCostPerVector) / size);
            double cost = growth * ((shared * operand.FlopsPerProduct) + (FlopsPerByte * BasisPasses * basisBytes / size));
            if (cost < least)
                (best, least) = (size, cost);
        }
        return best;
    }

    private static int Basis(int n, int wanted, int block, int wide, int asked)
    {
        long least = wanted + (2L * wide) + block;
        long generous = Math.Max(MinimumBasis, Math.Min(4L * wanted, (2L * wanted) + LargestExtra)) + (4L * block);
        long affordable = Math.Max(least, DefaultBasisNumbers / n);
        long chosen = asked > 0 ? Math.Max(asked, least) : Math.Max(least, Math.Min(generous, affordable));
        return (int)Math.Min(chosen, n);
    }

    private static int StepsFor(int n) =>
        (int)Math.Ceiling(((Math.Log(1.648 * Math.Sqrt(n) / MissProbability) / Math.Sqrt(MissedSpread)) + 1) / 2);
}
