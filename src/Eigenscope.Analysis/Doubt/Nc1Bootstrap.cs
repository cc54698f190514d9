using Eigenscope.Analysis.Collapse;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Analysis.Doubt;

/// <summary>
/// The doubt of NC1 that comes from measuring on a subset: a bootstrap within classes (Efron, Ann. Statist. 7, 1979). Each replicate draws the n_c samples of every class anew, with replacement; the standard error is
/// the standard deviation of the replicates, the bias their mean less the number itself. Both need n_c well above 1: a class of few samples has few resamplings, and its spread is taken too small by (n_c − 1)/n_c.
/// </summary>
public static class Nc1Bootstrap
{
    private const int FewestReplicates = 2;
    private const string Coincide = "the class means coincide in a resampling: they are no further apart than single samples scatter";
    private const string Single = "every class has a single sample: there is nothing to resample";

    /// <summary>Measures the trace ratio tr Σ_W / tr Σ_B with its doubt.</summary>
    /// <param name="samples">N × d, one sample a row.</param>
    /// <param name="labels">N class indices in 0 … K − 1; every class has a sample.</param>
    /// <param name="classes">K ≥ 2.</param>
    /// <param name="replicates">Number of replicates, ≥ 2; 100 give the standard error to about 7 %.</param>
    /// <param name="compute">Where to compute; a replicate costs N · d multiply-adds.</param>
    /// <param name="random">Draws; consumed.</param>
    /// <returns>The ratio with its standard error and bias, as of a population without end. All three are undefined where the class means coincide, the last two where they do in a replicate or where no class has two samples.</returns>
    /// <exception cref="ArgumentException">What <see cref="ClassStatistics.Measure"/> refuses, or fewer than 2 replicates.</exception>
    public static ResampledEstimate TraceRatio(ReadOnlyMatrixSpan<double> samples, ReadOnlySpan<int> labels, int classes, int replicates, Compute compute, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(compute);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(replicates, FewestReplicates);
        ClassStatistics statistics = ClassStatistics.Measure(samples, labels, classes);
        Number measured = WithinClassVariability.TraceRatio(statistics);
        if (measured.Value is not { } ratio)
            return new ResampledEstimate(measured, measured, measured, replicates);
        if (statistics.Counts.All(static count => count < 2))
            return Without(Single);
        double[] within = new double[replicates];
        Tensor<double> means = new(replicates, classes, samples.Columns);
        for (int c = 0; c < classes; c++)
            Resample(samples, labels, statistics, c, within, means, compute, random.Split($"class {c}"));
        double[] ratios = new double[replicates];
        for (int b = 0; b < replicates; b++)
        {
            double between = Between(new ReadOnlyMatrixSpan<double>(means.Row(b), classes, samples.Columns));
            if (statistics.IsRounding(between))
                return Without(Coincide);
            ratios[b] = within[b] / between;
        }
        double mean = TensorPrimitives.Average<double>(ratios);
        return new ResampledEstimate(measured, Number.Of(Deviation(ratios, mean)), Number.Of(mean - ratio), replicates);

        ResampledEstimate Without(string reason) => new(measured, Number.Undefined(reason), Number.Undefined(reason), replicates);
    }

    // With m_i copies of sample i and d_i = x_i − μ_c: the new mean is μ_c + δ, δ = Σ m_i d_i / n_c, and the squares about it Σ m_i ‖d_i‖² − n_c ‖δ‖².
    private static void Resample(ReadOnlyMatrixSpan<double> samples, ReadOnlySpan<int> labels, ClassStatistics statistics, int c, double[] within, Tensor<double> means, Compute compute, RandomStream random)
    {
        Tensor<double> deviations = Deviations(samples, labels, statistics, c);
        Tensor<double> copies = Copies(within.Length, deviations.Rows, random);
        Tensor<double> shifts = new(within.Length, samples.Columns);
        compute.Multiply(1.0 / deviations.Rows, copies.AsMatrix(), MatrixOp.None, deviations.AsMatrix(), MatrixOp.None, 0.0, shifts.AsMatrix());
        double[] squares = [.. Enumerable.Range(0, deviations.Rows).Select(i => TensorPrimitives.SumOfSquares<double>(deviations.Row(i)))];
        for (int b = 0; b < within.Length; b++)
        {
            double about = TensorPrimitives.Dot<double>(copies.Row(b), squares) - (deviations.Rows * TensorPrimitives.SumOfSquares<double>(shifts.Row(b)));
            within[b] += Math.Max(0.0, about) / samples.Rows;
            TensorPrimitives.Add(shifts.Row(b), statistics.Means.Row(c), means.Row(b).Slice(c * samples.Columns, samples.Columns));
        }
    }

    private static Tensor<double> Deviations(ReadOnlyMatrixSpan<double> samples, ReadOnlySpan<int> labels, ClassStatistics statistics, int c)
    {
        Tensor<double> deviations = new(statistics.Counts[c], samples.Columns);
        int row = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] == c)
                TensorPrimitives.Subtract(samples.Row(i), statistics.Means.Row(c), deviations.Row(row++));
        }
        return deviations;
    }

    private static Tensor<double> Copies(int replicates, int count, RandomStream random)
    {
        Tensor<double> copies = new(replicates, count);
        for (int b = 0; b < replicates; b++)
        {
            for (int draw = 0; draw < count; draw++)
                copies[b, random.NextInt32(count)] += 1.0;
        }
        return copies;
    }

    private static double Between(ReadOnlyMatrixSpan<double> means)
    {
        Tensor<double> centre = Reductions.MeanOfRows(means);
        double sum = 0.0;
        for (int c = 0; c < means.Rows; c++)
            sum += Reductions.SquaredDistance(means.Row(c), centre.Span);
        return sum / means.Rows;
    }

    private static double Deviation(double[] values, double mean)
    {
        double sum = 0.0;
        foreach (double value in values)
            sum += (value - mean) * (value - mean);
        return Math.Sqrt(sum / (values.Length - 1));
    }
}
