namespace Eigenscope.Learning.Data;

/// <summary>Suggests the known name that a mistyped one stands for.</summary>
internal static class NearestName
{
    private const int LargestDistance = 3;

    public static string Suggest(string name, IReadOnlyList<string> known)
    {
        string nearest = known.MinBy(candidate => Distance(name, candidate)) ?? "";
        int distance = Distance(name, nearest);
        return distance <= LargestDistance && distance < nearest.Length / 2.0 ? $" (did you mean {nearest}?)" : "";
    }

    /// <summary>Levenshtein's edit distance, by case-insensitive characters.</summary>
    private static int Distance(string left, string right)
    {
        int[] previous = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 0; i < left.Length; i++)
        {
            int[] current = new int[right.Length + 1];
            current[0] = i + 1;
            for (int j = 0; j < right.Length; j++)
            {
                int substitution = previous[j] + (char.ToLowerInvariant(left[i]) == char.ToLowerInvariant(right[j]) ? 0 : 1);
                current[j + 1] = Math.Min(substitution, Math.Min(previous[j + 1], current[j]) + 1);
            }
            previous = current;
        }
        return previous[^1];
    }
}
