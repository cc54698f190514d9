using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Analysis.Spectra;

/// <summary>
/// The classes in the space of all samples' logits, in coordinates √w_i times the rows of S_i: there a Gauss–Newton matrix is Rᵀ R, and three orthogonal projections Π that sum to the identity cut it into its parts
/// Rᵀ Π R. With ω_ik the weights of the loss Hessian's terms, the unit vectors u_ck ∝ √(w_i ω_ik) over the samples i of class c take the mean of class c and logit k; of their span, the class part is spanned by
/// q_c ∝ Σ_k √Ω_ck u_ck, Ω_ck = Σ_i w_i ω_ik, the mean over logits, where the terms do not cancel; where they do, over all logits but the own, and the own by itself. No difference of matrices is taken, so that
/// every part is positive semidefinite to rounding of itself.
/// </summary>
internal sealed class ClassLogits
{
    private readonly LogitFactors _factors;
    private readonly int[] _labels;
    private readonly double[] _weights;
    private readonly Tensor<double> _roots;
    private readonly Tensor<double> _class;
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
        _roots = new Tensor<double>(classes, factors.Logits);
        for (int i = 0; i < _labels.Length; i++)
        {
            factors.TermRoots(i, _row);
            TensorPrimitives.Multiply(_row, _row, _row);
            TensorPrimitives.MultiplyAdd(_row, factors.Weight(i), _roots.Row(_labels[i]), _roots.Row(_labels[i]));
        }
        TensorPrimitives.Sqrt<double>(_roots.Span, _roots.Span);
        _class = Directions(_roots, factors.TermsCancel);
    }

    /// <summary>K.</summary>
    public int Classes => _weights.Length;

    /// <summary>Samples of each class, ascending.</summary>
    public int[][] Members { get; }

    /// <summary>Σ w_i over each class.</summary>
    public IReadOnlyList<double> Weights => _weights;

    /// <summary>Class of each sample.</summary>
    public IReadOnlyList<int> Labels => _labels;

    /// <summary>Whether a logit's term is a direction of the class part by itself: that of the own class where the terms cancel.</summary>
    public bool IsApart(int c, int k) => _factors.TermsCancel && k == c;

    /// <summary>q_c, K × o: unit vectors, or zero; zero at logits that are apart.</summary>
    public Tensor<double> ClassDirections => _class;

    private int Logits => _factors.Logits;

    /// <summary>Entries √(w_i ω_ik) / √Ω_ck of the unit vectors u_ck at one sample; 0 where a logit has no weight in the class.</summary>
    public void Averages(int sample, Span<double> entries)
    {
        _factors.TermRoots(sample, entries);
        ReadOnlySpan<double> roots = _roots.Row(_labels[sample]);
        double weight = Math.Sqrt(_factors.Weight(sample));
        for (int k = 0; k < entries.Length; k++)
            entries[k] = roots[k] > 0.0 ? weight * entries[k] / roots[k] : 0.0;
    }

    /// <summary>v ← Π v; v in units of S, the weights of samples not yet in it.</summary>
    public void Project(GaussNewtonPart part, Span<double> v)
    {
        Average(v);
        for (int c = 0; c < Classes; c++)
            Reduce(part, c, Mean(c));
        for (int i = 0; i < _labels.Length; i++)
        {
            double weight = Math.Sqrt(_factors.Weight(i));
            Averages(i, _row);
            TensorPrimitives.Multiply(_row, Mean(_labels[i]), _row);
            Span<double> entries = v.Slice(i * Logits, Logits);
            if (weight == 0.0)
                entries.Clear();
            else if (part == GaussNewtonPart.WithinClass)
                TensorPrimitives.MultiplyAdd(_row, -1.0 / weight, entries, entries);
            else
                TensorPrimitives.Divide(_row, weight, entries);
        }
    }

    /// <summary>Squared lengths of the three projections of D^½ v: they sum to vᵀ D v.</summary>
    public (double Within, double Cross, double Class) SquaredNorms(ReadOnlySpan<double> v)
    {
        Average(v);
        double within = 0.0, cross = 0.0, own = 0.0;
        for (int i = 0; i < _labels.Length; i++)
        {
            Averages(i, _row);
            TensorPrimitives.Multiply(_row, Mean(_labels[i]), _row);
            TensorPrimitives.MultiplyAdd(v.Slice(i * Logits, Logits), -Math.Sqrt(_factors.Weight(i)), _row, _row);
            within += TensorPrimitives.SumOfSquares<double>(_row);
        }
        for (int c = 0; c < Classes; c++)
        {
            Mean(c).CopyTo(_row);
            Reduce(GaussNewtonPart.Class, c, _row);
            own += TensorPrimitives.SumOfSquares<double>(_row);
            TensorPrimitives.Subtract(Mean(c), _row, _row);
            cross += TensorPrimitives.SumOfSquares<double>(_row);
        }
        return (within, cross, own);
    }

    private Span<double> Mean(int c) => _means.AsSpan(c * Logits, Logits);

    // u_ckᵀ D^½ v.
    private void Average(ReadOnlySpan<double> v)
    {
        Array.Clear(_means);
        for (int i = 0; i < _labels.Length; i++)
        {
            Averages(i, _row);
            TensorPrimitives.Multiply(_row, Math.Sqrt(_factors.Weight(i)), _row);
            Span<double> mean = Mean(_labels[i]);
            TensorPrimitives.MultiplyAdd(v.Slice(i * Logits, Logits), _row, mean, mean);
        }
    }

    // The within-class part needs the means themselves.
    private void Reduce(GaussNewtonPart part, int c, Span<double> mean)
    {
        if (part == GaussNewtonPart.WithinClass)
            return;
        double along = TensorPrimitives.Dot<double>(_class.Row(c), mean);
        for (int k = 0; k < mean.Length; k++)
        {
            double own = IsApart(c, k) ? mean[k] : along * _class[c, k];
            mean[k] = part == GaussNewtonPart.Class ? own : mean[k] - own;
        }
    }

    private static Tensor<double> Directions(Tensor<double> roots, bool apart)
    {
        Tensor<double> directions = roots.Clone();
        for (int c = 0; c < directions.Rows; c++)
        {
            Span<double> direction = directions.Row(c);
            if (apart && c < direction.Length)
                direction[c] = 0.0;
            double norm = Math.Sqrt(TensorPrimitives.SumOfSquares<double>(direction));
            if (norm > 0.0)
                TensorPrimitives.Divide(direction, norm, direction);
        }
        return directions;
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
