using System.Globalization;

namespace Eigenscope.Learning.Data;

/// <summary>
/// Labels as they stand in a file, turned into classes 0 … K − 1. Text labels: K = the number of distinct ones, in ordinal order. Whole numbers: 0 … K − 1 keep their
/// values; numbers from 1 on, and the pair −1, +1, are mapped in ascending order, their numbers kept as class names. Numbers that begin at 0 but leave one out are taken for
/// classes of which one has no samples, and other negative numbers for labels out of range: both are refused rather than quietly renumbered.
/// </summary>
internal sealed record LabelEncoding(int[] Labels, IReadOnlyList<string> ClassNames)
{
    public static IReadOnlyList<string> NumberedNames(int classCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        string[] names = new string[classCount];
        for (int c = 0; c < classCount; c++)
            names[c] = c.ToString(CultureInfo.InvariantCulture);
        return names;
    }

    public static LabelEncoding FromText(string[] labels, string subject)
    {
        return AsNumbers(labels) is { } numbers
            ? FromNumbers(numbers, subject)
            : Map(labels, [.. labels.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], name => name);
    }

    public static LabelEncoding FromNumbers(long[] labels, string subject)
    {
        long[] distinct = [.. labels.Distinct().Order()];
        if (distinct.Length > 0)
            RequireUsable(labels, distinct, subject);
        return Map(labels, distinct, number => number.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Classes of further labels, which must be among the known ones.</summary>
    public static int[] Encode(long[] labels, IReadOnlyList<string> classNames, string subject)
    {
        Dictionary<string, int> classOf = new(StringComparer.Ordinal);
        for (int c = 0; c < classNames.Count; c++)
            classOf[classNames[c]] = c;
        int[] classes = new int[labels.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            if (!classOf.TryGetValue(labels[i].ToString(CultureInfo.InvariantCulture), out classes[i]))
                throw new DataException(subject, $"sample {i} has label {labels[i]}, expected one of the {classNames.Count} classes {Shown(classNames)}");
        }
        return classes;
    }

    /// <summary>Whole numbers written as such or as floats ("3", "3.0"), or null when a label is anything else.</summary>
    public static long[]? AsNumbers(string[] labels)
    {
        long[] numbers = new long[labels.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            if (!TryInteger(labels[i], out numbers[i]))
                return null;
        }
        return numbers;
    }

    private static string Shown(IReadOnlyList<string> names) =>
        names.Count <= 12 ? string.Join(", ", names) : $"{string.Join(", ", names.Take(10))}, … {names[^1]}";

    private static void RequireUsable(long[] labels, long[] distinct, string subject)
    {
        bool isSignPair = distinct is [-1, 1];
        if (distinct[0] < 0 && !isSignPair)
        {
            int sample = Array.FindIndex(labels, label => label < 0);
            throw new DataException(subject, $"sample {sample} has label {labels[sample]}, expected classes numbered from 0");
        }
        for (int c = 0; c < distinct.Length && distinct[0] == 0; c++)
        {
            if (distinct[c] != c)
                throw new DataException(subject, $"class {c} has no samples although the labels begin at 0 and go up to {distinct[^1]}; renumber the labels 0 … {distinct.Length - 1} to leave it out");
        }
    }

    private static LabelEncoding Map<T>(T[] labels, T[] distinct, Func<T, string> nameOf)
        where T : notnull
    {
        Dictionary<T, int> classOf = new(distinct.Length);
        for (int c = 0; c < distinct.Length; c++)
            classOf[distinct[c]] = c;
        return new LabelEncoding(Array.ConvertAll(labels, label => classOf[label]), Array.ConvertAll(distinct, label => nameOf(label)));
    }

    /// <summary>Accepts "3" and "3.0", which spreadsheets and NumPy write for the same label.</summary>
    private static bool TryInteger(string text, out long value)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value))
            return true;
        bool isWhole = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && Math.Abs(number) < 1e15 && number == Math.Floor(number);
        value = isWhole ? (long)number : 0;
        return isWhole;
    }
}
