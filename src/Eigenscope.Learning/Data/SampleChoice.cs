using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Learning.Data;

/// <summary>Which samples the options leave, decided from labels alone, so that pictures that are not wanted need not be widened to doubles.</summary>
internal sealed class SampleChoice(DataOptions options, string subject, RandomStream random)
{
    /// <summary>Indices of the samples to keep, ascending; null keeps all.</summary>
    /// <exception cref="DataException">A class would be left without samples, or has fewer than were asked for.</exception>
    public int[]? Of(int[] labels, IReadOnlyList<string> classNames)
    {
        int first = Math.Min(options.MaxSamples ?? labels.Length, labels.Length);
        ReadOnlySpan<int> kept = labels.AsSpan(0, first);
        int[] counts = ClassDraw.Counts(kept, classNames.Count);
        int missing = Array.IndexOf(counts, 0);
        if (missing >= 0)
            throw new DataException(subject, $"class {classNames[missing]} has no samples among the first {first}; take more");
        if (options.SamplesPerClass is { } perClass)
        {
            int smallest = counts.Min();
            return perClass <= smallest
                ? ClassDraw.PerClass(kept, counts, perClass, random.Split("subset"))
                : throw new DataException("samples per class", $"class {classNames[Array.IndexOf(counts, smallest)]} of {subject} has only {smallest} samples, got {perClass}");
        }
        if (options.Samples is { } total)
        {
            return ClassDraw.FindImbalance(counts, classNames, total) is { } problem
                ? throw new DataException("samples", $"{subject}: {problem}")
                : ClassDraw.Balanced(kept, counts, total, random.Split("subset"));
        }
        return first < labels.Length ? [.. Enumerable.Range(0, first)] : null;
    }

    /// <summary>What was chosen, to be added to the source of the data; empty when nothing was left out.</summary>
    public string Describe()
    {
        string first = options.MaxSamples is { } maximum ? FormattableString.Invariant($"; at most the first {maximum} samples") : "";
        if (options.SamplesPerClass is { } perClass)
            return FormattableString.Invariant($"{first}; {perClass} samples of each class, drawn by the seed");
        return options.Samples is { } total ? FormattableString.Invariant($"{first}; {total} samples in balanced classes, drawn by the seed") : first;
    }
}
