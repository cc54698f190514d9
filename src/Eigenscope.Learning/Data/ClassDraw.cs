using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Learning.Data;

/// <summary>Draws samples class by class, from labels alone. Indices come in ascending order.</summary>
internal static class ClassDraw
{
    public static int[] Counts(ReadOnlySpan<int> labels, int classCount)
    {
        int[] counts = new int[classCount];
        foreach (int label in labels)
            counts[label]++;
        return counts;
    }

    public static int[] Members(ReadOnlySpan<int> labels, int label, int count)
    {
        int[] members = new int[count];
        int next = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] == label)
                members[next++] = i;
        }
        return members;
    }

    /// <summary>The same number of each class.</summary>
    public static int[] PerClass(ReadOnlySpan<int> labels, int[] counts, int perClass, RandomStream random)
    {
        List<int> chosen = new(perClass * counts.Length);
        for (int c = 0; c < counts.Length; c++)
        {
            int[] members = Members(labels, c, counts[c]);
            random.Shuffle<int>(members);
            chosen.AddRange(members.AsSpan(0, perClass));
        }
        chosen.Sort();
        return [.. chosen];
    }

    /// <summary>Why so many samples cannot be drawn with classes that differ by one at most, or null.</summary>
    public static string? FindImbalance(int[] counts, IReadOnlyList<string> classNames, int total)
    {
        int smallest = counts.Min();
        if (total < counts.Length)
            return FormattableString.Invariant($"{total} samples are too few for one of each of {counts.Length} classes");
        int largest = ((long)smallest * counts.Length) + counts.Count(count => count > smallest) is var most && most > int.MaxValue ? int.MaxValue : (int)most;
        return total <= largest
            ? null
            : FormattableString.Invariant($"{total} samples in balanced classes need {(total - 1) / counts.Length + 1} of a class or one less, and class {classNames[Array.IndexOf(counts, smallest)]} has only {smallest}; at most {largest} can be balanced");
    }

    /// <summary>
    /// So many samples in all: ⌊n/K⌋ of each class and one more of n mod K classes, which are drawn among those that have one more. Each class is drawn from a stream of its own,
    /// so that a class's samples in a smaller draw are among those of a larger one.
    /// </summary>
    public static int[] Balanced(ReadOnlySpan<int> labels, int[] counts, int total, RandomStream random)
    {
        int[] wanted = new int[counts.Length];
        Array.Fill(wanted, total / counts.Length);
        int[] order = [.. Enumerable.Range(0, counts.Length).Where(c => counts[c] > wanted[c])];
        random.Split("larger classes").Shuffle<int>(order);
        foreach (int c in order.AsSpan(0, total % counts.Length))
            wanted[c]++;
        List<int> chosen = new(total);
        for (int c = 0; c < counts.Length; c++)
        {
            int[] members = Members(labels, c, counts[c]);
            random.Split(FormattableString.Invariant($"class {c}")).Shuffle<int>(members);
            chosen.AddRange(members.AsSpan(0, wanted[c]));
        }
        chosen.Sort();
        return [.. chosen];
    }
}
