using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Analysis.Collapse;

/// <summary>
/// First and second moments of labelled samples, all in float64: with N samples x of K classes, class c holding n_c of them,
/// μ_c = (1/n_c) Σ_i x_ci, μ_G = (1/K) Σ_c μ_c (the unweighted mean of the class means),
/// V_c = (1/n_c) Σ_i ‖x_ci − μ_c‖², tr Σ_W = (1/N) Σ_{c,i} ‖x_ci − μ_c‖² and tr Σ_B = (1/K) Σ_c ‖μ_c − μ_G‖².
/// Means are taken about a sample of the class and variances about the finished means, so that a common offset costs no digits and identical samples have variance 0 exactly.
/// </summary>
public sealed class ClassStatistics
{
    // A mean of n samples carries a few units of rounding; a difference of means below this many is nothing but rounding.
    private const double RoundingUnits = 16.0 * 2.220446049250313e-16;
    private readonly double _roundingFloor;

    private ClassStatistics(int samples, int[] counts, Tensor<double> means, double[] variances)
    {
        Samples = samples;
        Counts = counts;
        Means = means;
        Variances = variances;
        GlobalMean = Reductions.MeanOfRows(means.AsMatrix());
        CentredMeans = Centre(means, GlobalMean);
        WithinTrace = Weighted(variances, counts) / samples;
        BetweenTrace = Reductions.SumOfSquares(CentredMeans.AsMatrix()) / counts.Length;
        double meanSquare = Reductions.SumOfSquares(means.AsMatrix()) / counts.Length;
        _roundingFloor = RoundingUnits * RoundingUnits * (meanSquare + WithinTrace);
    }

    /// <summary>N.</summary>
    public int Samples { get; }

    /// <summary>K.</summary>
    public int Classes => Counts.Count;

    /// <summary>d.</summary>
    public int Dimension => Means.Columns;

    /// <summary>n_c, each ≥ 1.</summary>
    public IReadOnlyList<int> Counts { get; }

    /// <summary>The class means as rows, K × d.</summary>
    public Tensor<double> Means { get; }

    /// <summary>μ_c − μ_G as rows, K × d.</summary>
    public Tensor<double> CentredMeans { get; }

    /// <summary>μ_G, 1 × d: the unweighted mean of the class means, not the mean of the samples (they differ when classes are unbalanced).</summary>
    public Tensor<double> GlobalMean { get; }

    /// <summary>V_c, the mean squared distance of a class to its mean.</summary>
    public IReadOnlyList<double> Variances { get; }

    /// <summary>tr Σ_W, normalised by 1/N: the total cluster variation.</summary>
    public double WithinTrace { get; }

    /// <summary>tr Σ_B, normalised by 1/K.</summary>
    public double BetweenTrace { get; }

    /// <summary>Whether all class means are equal to rounding, so that nothing can be divided by their spread.</summary>
    public bool MeansCoincide => IsRounding(BetweenTrace);

    /// <summary>Measures class means and variances.</summary>
    /// <param name="samples">N × d, one sample a row, N ≥ 1 and d ≥ 1, finite.</param>
    /// <param name="labels">N class indices in 0 … K − 1.</param>
    /// <param name="classes">K ≥ 2.</param>
    /// <returns>The statistics.</returns>
    /// <exception cref="ArgumentException">Lengths differ, a label is out of range, a class has no samples (the message names it), or a sample is not finite.</exception>
    public static ClassStatistics Measure(ReadOnlyMatrixSpan<double> samples, ReadOnlySpan<int> labels, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        MatrixGuard.NotEmpty(samples, nameof(samples));
        int[] counts = Count(labels, samples.Rows, classes);
        MatrixGuard.Finite(samples, nameof(samples));
        Tensor<double> means = MeasureMeans(samples, labels, counts);
        return new ClassStatistics(samples.Rows, counts, means, MeasureVariances(samples, labels, counts, means));
    }

    /// <summary>‖μ_c‖, uncentred, in class order.</summary>
    /// <returns>K norms.</returns>
    public double[] MeanNorms()
    {
        double[] norms = new double[Classes];
        for (int c = 0; c < norms.Length; c++)
            norms[c] = Math.Sqrt(TensorPrimitives.SumOfSquares<double>(Means.Row(c)));
        return norms;
    }

    /// <summary>Whether a squared length built from differences of means is no larger than their rounding.</summary>
    /// <param name="squaredLength">The squared length.</param>
    /// <param name="squaredGain">Squared norm of the map applied to the means, 1 without one.</param>
    internal bool IsRounding(double squaredLength, double squaredGain = 1.0) => squaredLength <= squaredGain * _roundingFloor;

    private static int[] Count(ReadOnlySpan<int> labels, int samples, int classes)
    {
        if (labels.Length != samples)
            throw new ArgumentException($"expected one label for each of the {samples} samples, got {labels.Length}", nameof(labels));
        int[] counts = new int[classes];
        for (int i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)classes)
                throw new ArgumentException($"expected labels in 0 … {classes - 1}, got {labels[i]} at sample {i}", nameof(labels));
            counts[labels[i]]++;
        }
        int empty = Array.IndexOf(counts, 0);
        if (empty >= 0)
            throw new ArgumentException($"class {empty} has no samples, so it has no mean; give samples of all {classes} classes or lower the number of classes", nameof(labels));
        return counts;
    }

    private static Tensor<double> MeasureMeans(ReadOnlyMatrixSpan<double> samples, ReadOnlySpan<int> labels, int[] counts)
    {
        Tensor<double> origins = FirstOfEachClass(samples, labels, counts.Length);
        Tensor<double> means = new(counts.Length, samples.Columns);
        double[] difference = new double[samples.Columns];
        for (int i = 0; i < samples.Rows; i++)
        {
            int c = labels[i];
            TensorPrimitives.Subtract(samples.Row(i), origins.Row(c), difference);
            TensorPrimitives.Add(means.Row(c), difference, means.Row(c));
        }
        for (int c = 0; c < counts.Length; c++)
        {
            TensorPrimitives.Divide(means.Row(c), counts[c], means.Row(c));
            TensorPrimitives.Add(means.Row(c), origins.Row(c), means.Row(c));
        }
        return means;
    }

    private static Tensor<double> FirstOfEachClass(ReadOnlyMatrixSpan<double> samples, ReadOnlySpan<int> labels, int classes)
    {
        Tensor<double> origins = new(classes, samples.Columns);
        for (int c = 0; c < classes; c++)
            samples.Row(labels.IndexOf(c)).CopyTo(origins.Row(c));
        return origins;
    }

    private static double[] MeasureVariances(ReadOnlyMatrixSpan<double> samples, ReadOnlySpan<int> labels, int[] counts, Tensor<double> means)
    {
        double[] variances = new double[counts.Length];
        for (int i = 0; i < samples.Rows; i++)
            variances[labels[i]] += Reductions.SquaredDistance(samples.Row(i), means.Row(labels[i]));
        for (int c = 0; c < counts.Length; c++)
            variances[c] /= counts[c];
        return variances;
    }

    private static Tensor<double> Centre(Tensor<double> rows, Tensor<double> mean)
    {
        Tensor<double> centred = new(rows.Rows, rows.Columns);
        for (int i = 0; i < rows.Rows; i++)
            TensorPrimitives.Subtract(rows.Row(i), mean.Span, centred.Row(i));
        return centred;
    }

    private static double Weighted(double[] variances, int[] counts)
    {
        double sum = 0.0;
        for (int c = 0; c < counts.Length; c++)
            sum += counts[c] * variances[c];
        return sum;
    }
}
