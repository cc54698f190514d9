using System.Numerics;
using System.Numerics.Tensors;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Execution;

namespace Eigenscope.Learning.Derivatives;

/// <summary>Reads a source twice, in ranges of different lengths, and where the two differ finds out why.</summary>
internal sealed class SourceProbe(SampleSource source, Compute compute, Precision precision, int sliceRows, int classes)
{
    private SampleDefect? _defect;

    /// <summary>The verdict, or null where nothing is wrong.</summary>
    public DeterminismVerdict? Find()
    {
        SampleFingerprints first = Read(compute.Threads, sliceRows);
        SampleFingerprints second = Read(compute.Threads, OtherRows(sliceRows));
        DeterminismVerdict? difference = _defect is not null || first.Matches(second) ? null : Explain(first, second);
        return _defect is null ? difference : Describe(_defect);
    }

    /// <summary>Another length of ranges, so that neither their ends nor the last one agree.</summary>
    public static int OtherRows(int rows) => rows == 1 ? 2 : rows - Math.Max(1, rows / 3);

    private DeterminismVerdict Describe(SampleDefect defect) => new()
    {
        Cause = defect.Kind switch
        {
            SampleDefectKind.TooFew => DeterminismCause.TooFewSamples,
            SampleDefectKind.LabelOutOfRange => DeterminismCause.LabelOutOfRange,
            SampleDefectKind.NonFinite => DeterminismCause.NonFiniteInput,
            _ => DeterminismCause.SourceFailed,
        },
        Message = $"{source.Name}: {defect.Problem}",
    };

    // Of two reads that agree where nothing but chance differs, each cause is ruled out in turn: the cut into ranges, then the threads.
    private DeterminismVerdict Explain(SampleFingerprints first, SampleFingerprints second)
    {
        SampleFingerprints again = Read(compute.Threads, sliceRows);
        if (again.Matches(first) && Read(compute.Threads, OtherRows(sliceRows)).Matches(second))
        {
            IReadOnlyList<int> changed = first.Differences(second);
            return Verdict(DeterminismCause.RangeDependence, $"{Count(changed)} differ between reads in ranges of {sliceRows} and of {OtherRows(sliceRows)} samples: a sample must be the same in whatever range it is asked for; let Read depend on the sample's number alone");
        }
        if (compute.Threads > 1 && Read(1, sliceRows).Matches(Read(1, sliceRows)))
            return Verdict(DeterminismCause.NotThreadSafe, $"samples agree when they are read on one thread but not on {compute.Threads}: the source shares state between calls of Read; give each call its own buffer and its own position, or lock");
        return Classify(first, again.Matches(first) ? second : again);
    }

    private DeterminismVerdict Classify(SampleFingerprints first, SampleFingerprints second)
    {
        IReadOnlyList<int> changed = first.Differences(second);
        if (first.HasInputsOf(second))
            return Verdict(DeterminismCause.LabelsChanged, $"{Count(changed)} came with another label at the second read, inputs unchanged: {(first.HasLabelsOfAnyOrder(second) ? "labels are shuffled apart from their samples" : "labels are drawn or made anew")}; fix the labels once, before measuring");
        if (first.HasInputsOfAnyOrder(second))
            return Verdict(DeterminismCause.Shuffling, $"the same samples came in another order at the second read ({Count(changed)} moved{(first.HasPairsOfAnyOrder(second) ? "" : ", and their labels did not move with them")}): turn shuffling off, or shuffle once before measuring");
        if (first.HasLabelsOf(second))
            return Verdict(DeterminismCause.Augmentation, $"the inputs of {Count(changed)} changed at the second read, labels unchanged{Size(changed[0])}: turn augmentation and noise off while measuring");
        return first.HasLabelsOfAnyOrder(second)
            ? Verdict(DeterminismCause.Augmentation, "inputs changed at the second read, and the same labels came in another order: turn augmentation and shuffling off while measuring")
            : Verdict(DeterminismCause.OtherSamples, "other inputs with other labels came at the second read: draw the samples once, before measuring");
    }

    private DeterminismVerdict Verdict(DeterminismCause cause, string message) => new() { Cause = cause, Message = $"{source.Name}: {message}" };

    private string Count(IReadOnlyList<int> changed) => $"{changed.Count} of {source.SampleCount} samples (the first is {changed[0]})";

    private string Size(int sample)
    {
        double[] before = new double[source.SampleSize];
        double[] after = new double[source.SampleSize];
        int[] label = new int[1];
        if ((source.TryRead<double>(sample, 1, before, label, classes) ?? source.TryRead<double>(sample, 1, after, label, classes)) is not null)
            return "";
        TensorPrimitives.Subtract(before, after, after);
        double change = Math.Abs(TensorPrimitives.MaxMagnitude<double>(after));
        return change > 0.0 ? FormattableString.Invariant($" (sample {sample} read twice: values change by up to {change:g2}, of {Math.Abs(TensorPrimitives.MaxMagnitude<double>(before)):g2})") : "";
    }

    private SampleFingerprints Read(int parts, int rows) => precision == Precision.Float32 ? Read<float>(parts, rows) : Read<double>(parts, rows);

    private SampleFingerprints Read<T>(int parts, int rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (SampleFingerprints prints, SampleDefect? defect) = SampleFingerprints.Read<T>(source, compute, Math.Min(parts, source.SampleCount), rows, classes);
        _defect ??= defect;
        return prints;
    }
}
