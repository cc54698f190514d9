using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Collapse;

/// <summary>
/// NC1, the collapse of samples onto their class means, in its three forms (Papyan, Han, Donoho, "Prevalence of neural collapse during the terminal phase of deep learning training",
/// PNAS 2020; Galanti, György, Hutter, "On the role of neural collapse in transfer learning", ICLR 2022, for the CDNV).
/// </summary>
public static class WithinClassVariability
{
    internal const string MeansCoincide = "the class means coincide";
    private const double Epsilon = 2.220446049250313e-16;

    /// <summary>NC1 trace ratio, tr Σ_W / tr Σ_B with Σ_W normalised by 1/N and Σ_B by 1/K.</summary>
    /// <param name="statistics">Class statistics of the features.</param>
    /// <returns>The ratio; undefined when the class means coincide.</returns>
    public static Number TraceRatio(ClassStatistics statistics)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        return statistics.MeansCoincide
            ? Number.Undefined(MeansCoincide)
            : Number.Of(statistics.WithinTrace / statistics.BetweenTrace);
    }

    /// <summary>
    /// The trace ratio as the code published with Beaglehole et al., "Average gradient outer product as a mechanism for deep neural collapse" (arXiv 2402.13728) normalises it:
    /// Σ_W divided by K·N instead of N, so K times smaller than <see cref="TraceRatio"/>. For comparison with published numbers only.
    /// </summary>
    /// <param name="statistics">Class statistics of the features.</param>
    /// <returns>The ratio; undefined when the class means coincide.</returns>
    public static Number PublishedTraceRatio(ClassStatistics statistics)
    {
        Number ratio = TraceRatio(statistics);
        return ratio.Value is double value ? Number.Of(value / statistics.Classes) : ratio;
    }

    /// <summary>
    /// NC1 pseudo-inverse, tr(Σ_W Σ_B⁺)/K, through the thin SVD of the centred class means: with right singular vectors v_i and singular values σ_i it is
    /// Σ_i (v_iᵀ Σ_W v_i) / σ_i² over the kept i. No d × d matrix is formed, so the means' spread is never squared away.
    /// </summary>
    /// <param name="statistics">Class statistics of the features.</param>
    /// <param name="samples">The same N × d features.</param>
    /// <param name="labels">The same N labels.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>The value with its rank and cut; undefined when the class means coincide.</returns>
    /// <exception cref="ArgumentException">The samples are not those of the statistics.</exception>
    public static PseudoInverseNc1 PseudoInverse(ClassStatistics statistics, ReadOnlyMatrixSpan<double> samples, ReadOnlySpan<int> labels, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(compute);
        MatrixGuard.Shape(samples, statistics.Samples, statistics.Dimension, nameof(samples));
        (int k, int d) = (statistics.Classes, statistics.Dimension);
        int thin = Math.Min(k, d);
        double[] sigma = new double[thin];
        Tensor<double> left = new(k, thin), right = new(thin, d);
        compute.Blas.Svd(statistics.CentredMeans.Clone().AsMatrix(), sigma, left.AsMatrix(), right.AsMatrix());
        double cut = Math.Max(k, d) * Epsilon * sigma[0];
        // Centring takes one dimension away: a K-th singular value is rounding even where a large offset lifts it above the cut.
        int rank = sigma.AsSpan(0, Math.Min(k - 1, d)).ToArray().Count(s => s > cut);
        if (statistics.MeansCoincide || rank == 0)
            return new PseudoInverseNc1(Number.Undefined(MeansCoincide), 0, cut);
        double[] spread = MeanSquaresAlong(right.AsMatrix().RowRange(0, rank), statistics, samples, labels, compute);
        double sum = 0.0;
        for (int i = 0; i < rank; i++)
            sum += spread[i] / sigma[i] / sigma[i];
        return new PseudoInverseNc1(Number.Of(sum), rank, cut);
    }

    /// <summary>
    /// NC1 CDNV, class-distance normalised variance: the mean over unordered pairs of classes of (V_c + V_c′) / (2 ‖μ_c − μ_c′‖²).
    /// </summary>
    /// <param name="statistics">Class statistics of the features.</param>
    /// <returns>The mean; undefined when two class means coincide, the reason naming them.</returns>
    public static Number ClassDistanceNormalizedVariance(ClassStatistics statistics)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        int k = statistics.Classes;
        double sum = 0.0;
        for (int a = 0; a < k; a++)
        {
            for (int b = a + 1; b < k; b++)
            {
                double distance = Reductions.SquaredDistance(statistics.Means.Row(a), statistics.Means.Row(b));
                if (statistics.IsRounding(distance))
                    return Number.Undefined($"the means of classes {a} and {b} coincide");
                sum += (statistics.Variances[a] + statistics.Variances[b]) / (2.0 * distance);
            }
        }
        return Number.Of(sum / (k * (k - 1.0) / 2.0));
    }

    /// <summary>(1/N) Σ_{c,i} (v·(x_ci − μ_c))² for every row v of <paramref name="directions"/>.</summary>
    internal static double[] MeanSquaresAlong(
        ReadOnlyMatrixSpan<double> directions, ClassStatistics statistics, ReadOnlyMatrixSpan<double> samples, ReadOnlySpan<int> labels, Compute compute)
    {
        double[] sums = new double[directions.Rows];
        CentredBlocks blocks = new(samples, labels, statistics.Means);
        Tensor<double>? projected = null;
        while (blocks.MoveNext())
        {
            MatrixSpan<double> block = blocks.Current;
            projected ??= new Tensor<double>(block.Rows, directions.Rows);
            MatrixSpan<double> coordinates = projected.AsMatrix().RowRange(0, block.Rows);
            compute.Multiply(1.0, block, MatrixOp.None, directions, MatrixOp.Transpose, 0.0, coordinates);
            AddSquares(coordinates, sums);
        }
        for (int i = 0; i < sums.Length; i++)
            sums[i] /= samples.Rows;
        return sums;
    }

    private static void AddSquares(ReadOnlyMatrixSpan<double> rows, double[] sums)
    {
        for (int i = 0; i < rows.Rows; i++)
        {
            ReadOnlySpan<double> row = rows.Row(i);
            for (int j = 0; j < row.Length; j++)
                sums[j] += row[j] * row[j];
        }
    }
}
