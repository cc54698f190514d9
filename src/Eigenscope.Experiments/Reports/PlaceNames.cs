namespace Eigenscope.Experiments.Reports;

/// <summary>Names of layers as a reader wants them: one by one where they are few, and as "conv1 … stage3.0.conv2" where they follow each other.</summary>
internal static class PlaceNames
{
    public const string Logits = "logits";
    private const int ShortestRun = 3;
    private const int MostParts = 4;

    /// <summary>Layers by name, with the word before them: "layer fc", "layers conv1 … stage3.0.shortcut".</summary>
    /// <param name="some">The places to name, each once.</param>
    /// <param name="all">Every place, from the input on; others are named one by one.</param>
    public static string Of(IEnumerable<string> some, IReadOnlyList<string> all)
    {
        string[] places = [.. some];
        if (places is [Logits])
            return Logits;
        return $"{(places.Length == 1 ? "layer" : "layers")} {List(places, all)}";
    }

    /// <summary>The same without the word.</summary>
    /// <param name="some">The places to name, each once.</param>
    /// <param name="all">Every place, from the input on; others are named one by one.</param>
    public static string List(IReadOnlyList<string> some, IReadOnlyList<string> all)
    {
        HashSet<string> wanted = new(some, StringComparer.Ordinal);
        List<string> parts = [.. some.Where(place => !all.Contains(place, StringComparer.Ordinal))];
        int named = parts.Count;
        for (int start = 0; start < all.Count && parts.Count < MostParts; start++)
        {
            int end = start;
            while (end < all.Count && wanted.Contains(all[end]))
                end++;
            if (end - start >= ShortestRun)
                parts.Add($"{all[start]} … {all[end - 1]}");
            else
                parts.AddRange(all.Skip(start).Take(end - start));
            named += end - start;
            start = end;
        }
        string list = string.Join(", ", parts);
        return named < some.Count ? $"{list} and {Format.Text(some.Count - named)} more" : list;
    }
}
