using System.Numerics.Tensors;

namespace Eigenscope.Analysis.Spectra;

/// <summary>
/// The classes in the space of all samples' logits. Three projections Π, orthogonal in the inner product of the samples' weights D and summing to the identity, cut a Gauss–Newton matrix Jᵀ Sᵀ D S J into its
/// parts Jᵀ Sᵀ D Π S J: onto what is the same for all samples of a class and all logits, onto what is the same for all samples of a class without the former, and the rest. No difference of matrices is taken,
/// so that every part is positive semidefinite to rounding of itself.
/// </summary>
internal sealed class ClassLogits
{
    private readonly LogitFactors _factors;
    private readonly int[] _labels;
    private readonly double[] _weights;
    private readonly double[] _means;
    private readonly double[] _row;

    public ClassLogits(LogitFactors factors, ReadOnlySpan<int> labels, int classes)
    {
        _factors = factors;
        _labels = labels.ToArray();
        Members = GroupByClass(labels, factors.Samples, classes);
        _weights = [.. Members.Select(members => members.Sum(factors.Weight))];
        int light = Array.FindIndex(_weights, static weight => weight <= 0.0);
        if (light >= 0)
            throw new ArgumentException($"the samples of class {light} weigh nothing; give them weight or leave the class out", nameof(labels));
        _means = new double[classes * factors.Logits];
        _row = new double[factors.Logits];
    }

    /// <summary>K.</summary>
    public int Classes => _weights.Length;

    /// <summary>Samples of each class, ascending.</summary>
    public int[][] Members { get; }

    /// <summary>Σ w_i over each class.</summary>
    public IReadOnlyList<double> Weights => _weights;

    /// <summary>Class of each sample.</summary>
    public IReadOnlyList<int> Labels => _labels;

    private int Logits => _factors.Logits;

    /// <summary>v ← Π v.</summary>
    public void Project(GaussNewtonPart part, Span<double> v)
    {
        Average(v);
        for (int c = 0; c < Classes; c++)
            Reduce(part, Mean(c));
        for (int i = 0; i < _labels.Length; i++)
        {
            Span<double> entries = v.Slice(i * Logits, Logits);
            ReadOnlySpan<double> mean = Mean(_labels[i]);
            if (part == GaussNewtonPart.WithinClass)
                TensorPrimitives.Subtract(entries, mean, entries);
            else
                mean.CopyTo(entries);
        }
    }

    /// <summary>vᵀ D Π v of the three projections: they sum to vᵀ D v.</summary>
    public (double Within, double Cross, double Class) SquaredNorms(ReadOnlySpan<double> v)
    {
        Average(v);
        double within = 0.0, cross = 0.0, own = 0.0;
        for (int i = 0; i < _labels.Length; i++)
        {
            TensorPrimitives.Subtract(v.Slice(i * Logits, Logits), Mean(_labels[i]), _row);
            within += _factors.Weight(i) * TensorPrimitives.SumOfSquares<double>(_row);
        }
        for (int c = 0; c < Classes; c++)
        {
            double mean = TensorPrimitives.Sum<double>(Mean(c)) / Logits;
            own += _weights[c] * Logits * mean * mean;
            TensorPrimitives.Subtract(Mean(c), mean, _row);
            cross += _weights[c] * TensorPrimitives.SumOfSquares<double>(_row);
        }
        return (within, cross, own);
    }

    private Span<double> Mean(int c) => _means.AsSpan(c * Logits, Logits);

    private void Average(ReadOnlySpan<double> v)
    {
        Array.Clear(_means);
        for (int i = 0; i < _labels.Length; i++)
        {
            int c = _labels[i];
            TensorPrimitives.MultiplyAdd(v.Slice(i * Logits, Logits), _factors.Weight(i) / _weights[c], Mean(c), Mean(c));
        }
    }

    // The within-class part needs the means themselves.
    private void Reduce(GaussNewtonPart part, Span<double> mean)
    {
        double level = TensorPrimitives.Sum<double>(mean) / Logits;
        if (part == GaussNewtonPart.CrossClass)
            TensorPrimitives.Subtract(mean, level, mean);
        else if (part == GaussNewtonPart.Class)
            mean.Fill(level);
    }

    private static int[][] GroupByClass(ReadOnlySpan<int> labels, int samples, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        if (labels.Length != samples)
            throw new ArgumentException($"expected one label for each of the {samples} samples, got {labels.Length}", nameof(labels));
        List<int>[] members = [.. Enumerable.Range(0, classes).Select(static _ => new List<int>())];
        for (int i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)classes)
                throw new ArgumentException($"expected labels in 0 … {classes - 1}, got {labels[i]} at sample {i}", nameof(labels));
            members[labels[i]].Add(i);
        }
        int empty = Array.FindIndex(members, static list => list.Count == 0);
        if (empty >= 0)
            throw new ArgumentException($"class {empty} has no samples, so it has no mean; give samples of all {classes} classes or lower the number of classes", nameof(labels));
        return [.. members.Select(static list => list.ToArray())];
    }
}
