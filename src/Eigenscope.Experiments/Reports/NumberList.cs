using Eigenscope.Analysis;

namespace Eigenscope.Experiments.Reports;

/// <summary>One number a layer, in a sentence: all of them where they are few, else the first, the last and the range.</summary>
internal static class NumberList
{
    /// <summary>The longest list that is written out.</summary>
    public const int MostWritten = 6;

    public static string Text(IReadOnlyList<Number> values)
    {
        if (values.Count <= MostWritten)
            return string.Join(", ", values.Select(Format.Text));
        double[] defined = [.. values.Where(static number => number.IsDefined).Select(static number => number.Value!.Value)];
        return defined.Length == 0
            ? Format.Undefined
            : $"{Format.Text(values[0])} … {Format.Text(values[^1])} ({Format.Text(defined.Min())} to {Format.Text(defined.Max())} over {Format.Text(defined.Length)} layers)";
    }
}
