namespace Eigenscope.Theory.UnconstrainedFeatures;

/// <summary>
/// K = r(r−1)/2 classes as the edges of the complete graph on r ≥ 4 vertices, and the ways in which they lie to each other: an edge, with itself; with the 2(r−2) edges that share a vertex with it; with the
/// rest. The r × K incidence matrix is X. Its singular values are √(2(r−1)) on the constant vector and √(r−2), r − 1 times. The classes that share a vertex form a strongly regular graph.
/// </summary>
public static class EdgeCode
{
    /// <summary>The least r: with three vertices every two edges share one.</summary>
    public const int LeastVertices = 4;

    /// <summary>r with r(r−1)/2 = K and r ≥ 4; null where there is none.</summary>
    /// <param name="classes">K.</param>
    public static int? Vertices(int classes)
    {
        int r = (int)Math.Round((1.0 + Math.Sqrt(1.0 + (8.0 * classes))) / 2.0);
        return r >= LeastVertices && (long)r * (r - 1) / 2 == classes ? r : null;
    }

    /// <summary>The two vertices of a class: (0, 1), (0, 2), (1, 2), (0, 3), …</summary>
    /// <param name="edge">The class, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="edge"/> is negative.</exception>
    public static (int First, int Second) Ends(int edge)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(edge);
        int second = 1;
        for (int before = 0; before + second <= edge; second++)
            before += second;
        return (edge - (second * (second - 1) / 2), second);
    }
}
