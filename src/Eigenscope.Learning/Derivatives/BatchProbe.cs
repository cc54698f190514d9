using System.Numerics.Tensors;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Derivatives;

/// <summary>
/// A few slices of an objective's samples, at once and cut in two, in double precision: where a sample's output depends on it alone and weights are right, the logits are the same and the losses add up.
/// </summary>
internal sealed class BatchProbe
{
    /// <summary>Fewer samples are not cut: batches of one have no statistics of their own.</summary>
    public const int SmallestCut = 4;

    private const int Slices = 3;

    // √eps: far above rounding, even where a deep network magnifies it a million times; far below what normalisation by the batch does to a sample.
    private const double Tolerance = 1.4901161193847656e-8;

    private readonly int _first;
    private readonly int _cut;
    private readonly int _outputs;
    private readonly Answers _whole;
    private readonly Answers _left;
    private readonly Answers _right;

    /// <summary>The last samples, the ragged end included, cut after the first third.</summary>
    public BatchProbe(Objective objective, ReadOnlySpan<double> parameters, int rows, bool withLogits)
    {
        int samples = (int)Math.Min(objective.SampleCount, (long)Slices * rows);
        int other = SourceProbe.OtherRows(rows);
        _first = objective.SampleCount - samples;
        _cut = samples < SmallestCut ? samples : Math.Max(samples / Slices, SmallestCut / 2);
        _outputs = objective.Network.OutputSize;
        _whole = Answer(objective, parameters, (_first, samples), rows, withLogits);
        _left = Answer(objective, parameters, (_first, _cut), other, withLogits);
        _right = samples > _cut ? Answer(objective, parameters, (_first + _cut, samples - _cut), other, withLogits) : new Answers([], 0.0, 0, 0.0);
    }

    /// <summary>A difference between logits in words, or null.</summary>
    public string? FindInLogits()
    {
        double[] parts = [.. _left.Logits, .. _right.Logits];
        TensorPrimitives.Subtract(parts, _whole.Logits, parts);
        int worst = TensorPrimitives.IndexOfMaxMagnitude<double>(parts);
        double change = Math.Abs(parts[worst]);
        return change <= Tolerance * _whole.Scale
            ? null
            : FormattableString.Invariant($"the logits of sample {_first + (worst / _outputs)} change by {change / _whole.Scale:g2} of the largest with the samples that stand beside it");
    }

    /// <summary>A difference between losses in words, or null.</summary>
    public string? FindInLosses()
    {
        double sum = _left.Loss + _right.Loss;
        return Math.Abs(sum - _whole.Loss) <= Tolerance * (Math.Abs(_whole.Loss) + (_whole.Weight * Math.Max(1.0, _whole.Scale)))
            ? null
            : FormattableString.Invariant($"the weighted loss of {_whole.Samples} samples is {_whole.Loss:r} in one batch and {sum:r} in batches of {_left.Samples} and {_right.Samples}");
    }

    private static Answers Answer(Objective objective, ReadOnlySpan<double> parameters, (int First, int Count) range, int rows, bool withLogits)
    {
        double[] weights = new double[range.Count];
        new SampleWeighting(objective.Options.SampleWeights, objective.SampleCount).CopyTo(range.First, weights);
        ObjectiveOptions options = objective.Options with { Precision = Precision.Float64, SliceRows = rows, SampleWeights = weights };
        Objective part = Objective.Create(objective.Network, new SampleSubset(objective.Source, range.First, range.Count), objective.Loss, objective.Compute, options);
        return new Answers(withLogits ? part.Logits(parameters).Storage : [], part.Evaluate(parameters).Loss, range.Count, TensorPrimitives.Sum<double>(weights));
    }

    private sealed record Answers(double[] Logits, double Loss, int Samples, double Weight)
    {
        public double Scale { get; } = Logits.Length == 0 ? 0.0 : Math.Abs(TensorPrimitives.MaxMagnitude<double>(Logits));
    }
}
