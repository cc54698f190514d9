namespace Eigenscope.Cli.Parsing;

/// <summary>The known name that a mistyped one stands for.</summary>
internal static class Suggestion
{
    private const int LargestDistance = 3;

    /// <summary>Looks for a name that is near.</summary>
    /// <param name="typed">What was typed.</param>
    /// <param name="known">The names there are.</param>
    /// <returns>" (did you mean X?)", or nothing when no name is near.</returns>
    public static string For(string typed, IEnumerable<string> known)
    {
        (string? name, int distance) = known.Select(name => (name, Distance(typed, name))).OrderBy(static pair => pair.Item2).FirstOrDefault();
        return name is not null && distance <= LargestDistance && 2 * distance < name.Length ? $" (did you mean {name}?)" : "";
    }

    // The fewest insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).
    private static int Distance(string left, string right)
    {
        int[,] distance = new int[left.Length + 1, right.Length + 1];
        for (int i = 0; i <= left.Length; i++)
            distance[i, 0] = i;
        for (int j = 0; j <= right.Length; j++)
            distance[0, j] = j;
        for (int i = 1; i <= left.Length; i++)
        {
            for (int j = 1; j <= right.Length; j++)
            {
                int substitution = distance[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                distance[i, j] = Math.Min(substitution, Math.Min(distance[i - 1, j], distance[i, j - 1]) + 1);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                    distance[i, j] = Math.Min(distance[i, j], distance[i - 2, j - 2] + 1);
            }
        }
        return distance[left.Length, right.Length];
    }
}
