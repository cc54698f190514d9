using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using Eigenscope.Learning.Data;
using Eigenscope.Numerics.Execution;

namespace Eigenscope.Learning.Derivatives;

/// <summary>What one read of all samples delivered: a 64-bit hash of each sample's inputs, bit for bit, and its label; 12 bytes a sample.</summary>
internal sealed class SampleFingerprints
{
    private readonly ulong[] _inputs;
    private readonly int[] _labels;

    private SampleFingerprints(int count)
    {
        _inputs = new ulong[count];
        _labels = new int[count];
    }

    /// <summary>Reads everything in slices, in as many parts at once as there are threads, as an objective does; or says what kept it from being read.</summary>
    public static (SampleFingerprints Read, SampleDefect? Defect) Read<T>(SampleSource source, Compute compute, int parts, int sliceRows, int classes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SampleFingerprints prints = new(source.SampleCount);
        SampleDefect?[] defects = new SampleDefect?[parts];
        compute.ForEachPart(parts, part => defects[part] = prints.ReadPart<T>(source, Compute.PartRange(source.SampleCount, part, parts), sliceRows, classes));
        return (prints, Array.Find(defects, static defect => defect is not null));
    }

    /// <summary>Whether every sample came with the same inputs and the same label.</summary>
    public bool Matches(SampleFingerprints other) => HasInputsOf(other) && HasLabelsOf(other);

    /// <summary>Whether every sample came with the same inputs.</summary>
    public bool HasInputsOf(SampleFingerprints other) => _inputs.AsSpan().SequenceEqual(other._inputs);

    /// <summary>Whether every sample came with the same label.</summary>
    public bool HasLabelsOf(SampleFingerprints other) => _labels.AsSpan().SequenceEqual(other._labels);

    /// <summary>Whether the same inputs came, in any order.</summary>
    public bool HasInputsOfAnyOrder(SampleFingerprints other) => Sorted(_inputs).SequenceEqual(Sorted(other._inputs));

    /// <summary>Whether the same labels came, in any order.</summary>
    public bool HasLabelsOfAnyOrder(SampleFingerprints other) => Sorted(_labels).SequenceEqual(Sorted(other._labels));

    /// <summary>Whether the same samples came, each with its label, in any order.</summary>
    public bool HasPairsOfAnyOrder(SampleFingerprints other) => Sorted(Pairs()).SequenceEqual(Sorted(other.Pairs()));

    /// <summary>The samples whose inputs or label differ.</summary>
    public IReadOnlyList<int> Differences(SampleFingerprints other) =>
        [.. Enumerable.Range(0, _inputs.Length).Where(i => _inputs[i] != other._inputs[i] || _labels[i] != other._labels[i])];

    private static TKey[] Sorted<TKey>(TKey[] keys)
    {
        TKey[] sorted = [.. keys];
        Array.Sort(sorted);
        return sorted;
    }

    // Multiply and fold, word by word; a row is a whole number of 4-byte words.
    private static ulong Hash(ReadOnlySpan<byte> row)
    {
        const ulong Multiplier = 0x9E3779B97F4A7C15;
        ulong hash = (ulong)row.Length;
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(row))
            hash = Mix((hash ^ word) * Multiplier);
        int rest = row.Length % sizeof(ulong);
        return rest == 0 ? hash : Mix((hash ^ MemoryMarshal.Read<uint>(row[^rest..])) * Multiplier);
    }

    private static ulong Mix(ulong value) => value ^ (value >> 32);

    private ulong[] Pairs() => [.. _inputs.Zip(_labels, static (hash, label) => Mix((hash + (uint)label + 1UL) * 0xD6E8FEB86659FD93))];

    private SampleDefect? ReadPart<T>(SampleSource source, (int Start, int Count) range, int sliceRows, int classes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = source.SampleSize;
        T[] buffer = ArrayPool<T>.Shared.Rent(Math.Min(sliceRows, range.Count) * size);
        try
        {
            for (int done = 0; done < range.Count; done += sliceRows)
            {
                int start = range.Start + done;
                int count = Math.Min(sliceRows, range.Count - done);
                Span<T> inputs = buffer.AsSpan(0, count * size);
                if (source.TryRead(start, count, inputs, _labels.AsSpan(start, count), classes) is { } defect)
                    return defect;
                for (int i = 0; i < count; i++)
                    _inputs[start + i] = Hash(MemoryMarshal.AsBytes(inputs.Slice(i * size, size)));
            }
            return null;
        }
        finally
        {
            ArrayPool<T>.Shared.Return(buffer);
        }
    }
}
