using Eigenscope.Analysis.Collapse;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Analysis.Features;

/// <summary>
/// Cosines between samples of every class, sorted by class, for looking at: entry (i, j) is ⟨u_i, u_j⟩ with u_i = (x_i − μ_G)/‖x_i − μ_G‖ and μ_G the unweighted mean of all class means.
/// At full collapse of K classes it is 1 inside a class and −1/(K − 1) between classes.
/// </summary>
public sealed record GramPicture
{
    /// <summary>Samples in a picture unless asked otherwise.</summary>
    public const int UsualSamples = 160;

    // A class of which a single sample is shown says nothing of the spread within it.
    private const int LeastPerClass = 2;

    // A difference from the mean below this many units of rounding has no direction.
    private const double RoundingUnits = 16.0 * 2.220446049250313e-16;

    /// <summary>m × m, symmetric, in [−1, 1]; rows and columns of <see cref="WithoutDirection"/> are 0.</summary>
    public required Tensor<double> Cosines { get; init; }

    /// <summary>Index of each of the m samples among the rows measured, classes in ascending order.</summary>
    public required IReadOnlyList<int> Samples { get; init; }

    /// <summary>The classes shown, ascending: all of them unless there are more than half as many as the samples allowed.</summary>
    public required IReadOnlyList<int> Classes { get; init; }

    /// <summary>Number of samples of each class shown.</summary>
    public required IReadOnlyList<int> Counts { get; init; }

    /// <summary>Positions in the picture whose features lie at μ_G, to rounding: their cosines do not exist.</summary>
    public required IReadOnlyList<int> WithoutDirection { get; init; }

    /// <summary>Measures a picture. Of each class as many samples are taken as of every other (where it has them), spread evenly over it in their order; the choice does not depend on the features.</summary>
    /// <param name="features">N × d, finite.</param>
    /// <param name="labels">N class indices in 0 … K − 1.</param>
    /// <param name="classes">K ≥ 2.</param>
    /// <param name="compute">Where to compute.</param>
    /// <param name="maxSamples">Most samples in the picture, at least 4.</param>
    /// <returns>The picture.</returns>
    /// <exception cref="ArgumentException">As <see cref="ClassStatistics.Measure"/>; or fewer than 4 samples are allowed.</exception>
    public static GramPicture Measure(ReadOnlyMatrixSpan<double> features, ReadOnlySpan<int> labels, int classes, Compute compute, int maxSamples = UsualSamples)
    {
        ArgumentNullException.ThrowIfNull(compute);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSamples, 2 * LeastPerClass);
        Tensor<double> mean = ClassStatistics.Measure(features, labels, classes).GlobalMean;
        int[] shown = Spread(classes, Math.Min(classes, maxSamples / LeastPerClass));
        int[][] chosen = Choose(labels, shown, maxSamples / shown.Length);
        int[] samples = [.. chosen.SelectMany(static members => members)];
        Tensor<double> directions = new(samples.Length, features.Columns);
        List<int> without = Normalize(features, samples, mean, directions);
        Tensor<double> cosines = new(samples.Length, samples.Length);
        compute.Multiply(1.0, directions.AsMatrix(), MatrixOp.None, directions.AsMatrix(), MatrixOp.Transpose, 0.0, cosines.AsMatrix());
        for (int i = 0; i < cosines.Span.Length; i++)
            cosines.Span[i] = Math.Clamp(cosines.Span[i], -1.0, 1.0);
        return new GramPicture { Cosines = cosines, Samples = samples, Classes = shown, Counts = [.. chosen.Select(static members => members.Length)], WithoutDirection = without };
    }

    private static int[][] Choose(ReadOnlySpan<int> labels, int[] classes, int perClass)
    {
        Dictionary<int, List<int>> members = classes.ToDictionary(static label => label, static _ => new List<int>());
        for (int i = 0; i < labels.Length; i++)
        {
            if (members.TryGetValue(labels[i], out List<int>? list))
                list.Add(i);
        }
        return [.. classes.Select(label => Spread(members[label].Count, Math.Min(members[label].Count, perClass)).Select(position => members[label][position]).ToArray())];
    }

    // count of the positions 0 … length − 1, evenly spread.
    private static int[] Spread(int length, int count) => [.. Enumerable.Range(0, count).Select(i => (int)((long)i * length / count))];

    private static List<int> Normalize(ReadOnlyMatrixSpan<double> features, int[] samples, Tensor<double> mean, Tensor<double> directions)
    {
        double[] norms = new double[samples.Length];
        for (int i = 0; i < samples.Length; i++)
        {
            TensorPrimitives.Subtract(features.Row(samples[i]), mean.Span, directions.Row(i));
            norms[i] = TensorPrimitives.Norm<double>(directions.Row(i));
        }
        double floor = RoundingUnits * (TensorPrimitives.Norm<double>(mean.Span) + norms.Max());
        List<int> without = [];
        for (int i = 0; i < samples.Length; i++)
        {
            if (norms[i] > floor)
                TensorPrimitives.Divide(directions.Row(i), norms[i], directions.Row(i));
            else
                without.Add(i);
        }
        foreach (int i in without)
            directions.Row(i).Clear();
        return without;
    }
}
