using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Analysis.Collapse;

/// <summary>NC4, the agreement of the network with the nearest-class-mean rule (Papyan, Han, Donoho, PNAS 2020).</summary>
public static class NearestClassMean
{
    private const double Epsilon = 2.220446049250313e-16;

    /// <summary>The share of samples whose nearest class mean (Euclidean; the lowest index among equal float64 distances) is the class that the network predicts.</summary>
    /// <param name="statistics">Class statistics of the features.</param>
    /// <param name="samples">N × d features.</param>
    /// <param name="predictions">The N predicted classes, in 0 … K − 1.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>A share in [0, 1].</returns>
    /// <exception cref="ArgumentException">Shapes differ, a sample is not finite, or a prediction is out of range.</exception>
    public static Number Agreement(ClassStatistics statistics, ReadOnlyMatrixSpan<double> samples, IReadOnlyList<int> predictions, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        int[] nearest = Find(statistics, samples, compute);
        if (predictions.Count != nearest.Length)
            throw new ArgumentException($"expected one prediction for each of the {nearest.Length} samples, got {predictions.Count}", nameof(predictions));
        int agreeing = 0;
        for (int i = 0; i < nearest.Length; i++)
        {
            if ((uint)predictions[i] >= (uint)statistics.Classes)
                throw new ArgumentException($"expected predictions in 0 … {statistics.Classes - 1}, got {predictions[i]} at sample {i}", nameof(predictions));
            agreeing += nearest[i] == predictions[i] ? 1 : 0;
        }
        return Number.Of((double)agreeing / nearest.Length);
    }

    /// <summary>The nearest class mean of every sample.</summary>
    /// <param name="statistics">Class statistics of the features.</param>
    /// <param name="samples">N × d features.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>N class indices; the lowest index on ties.</returns>
    /// <exception cref="ArgumentException">Shapes differ, or a sample is not finite.</exception>
    public static int[] Find(ClassStatistics statistics, ReadOnlyMatrixSpan<double> samples, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(compute);
        MatrixGuard.Shape(samples, samples.Rows, statistics.Dimension, nameof(samples));
        MatrixGuard.Finite(samples, nameof(samples));
        int[] nearest = new int[samples.Rows];
        double[] squares = new double[statistics.Classes];
        for (int c = 0; c < squares.Length; c++)
            squares[c] = TensorPrimitives.SumOfSquares<double>(statistics.CentredMeans.Row(c));
        CentredBlocks blocks = new(samples, [], statistics.GlobalMean);
        while (blocks.MoveNext())
            FindInBlock(statistics, samples.RowRange(blocks.Start, blocks.Current.Rows), blocks.Current, squares, nearest.AsSpan(blocks.Start), compute);
        return nearest;
    }

    private static void FindInBlock(
        ClassStatistics statistics, ReadOnlyMatrixSpan<double> samples, ReadOnlyMatrixSpan<double> centred, double[] squares, Span<int> nearest, Compute compute)
    {
        Tensor<double> products = new(centred.Rows, squares.Length);
        compute.Multiply(-2.0, centred, MatrixOp.None, statistics.CentredMeans.AsMatrix(), MatrixOp.Transpose, 0.0, products.AsMatrix());
        double largest = squares.Max();
        for (int i = 0; i < centred.Rows; i++)
        {
            Span<double> scores = products.Row(i);
            TensorPrimitives.Add(scores, squares, scores);
            // The expanded form −2 x·μ + ‖μ‖² is fast but rounds; it only rules out means that are farther by more than its rounding.
            double doubt = 8.0 * (statistics.Dimension + 2) * Epsilon * (TensorPrimitives.SumOfSquares<double>(centred.Row(i)) + largest);
            nearest[i] = NearestAmong(scores, doubt, samples.Row(i), statistics.Means);
        }
    }

    private static int NearestAmong(ReadOnlySpan<double> scores, double doubt, ReadOnlySpan<double> sample, Tensor<double> means)
    {
        double lowest = double.PositiveInfinity;
        foreach (double score in scores)
            lowest = Math.Min(lowest, score);
        int nearest = -1;
        double best = double.PositiveInfinity;
        for (int c = 0; c < scores.Length; c++)
        {
            if (scores[c] > lowest + doubt)
                continue;
            double distance = Reductions.SquaredDistance(sample, means.Row(c));
            if (nearest < 0 || distance < best)
                (nearest, best) = (c, distance);
        }
        return nearest;
    }
}
