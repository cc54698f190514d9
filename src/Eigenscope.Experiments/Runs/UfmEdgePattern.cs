using Eigenscope.Analysis.Collapse;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Experiments.Runs;

/// <summary>
/// Whether class means have the Gram matrix of the strongly regular solution, symmetric or, as descents find it, somewhat bent: norms alike, and two groups of cosines between different classes, set apart by more than twice their own extent, of
/// which the upper joins each class to those that share a vertex with it. The graph of the upper one has to be the line graph of the complete graph on r vertices: every class has 2(r−2) neighbours, two neighbours have r − 2 in common, two others 4, and among the neighbours common to two neighbours (r−3)(r−4)/2 pairs are neighbours. (But for r = 8
/// the first three would do: three other graphs have them.)
/// </summary>
internal sealed class UfmEdgePattern
{
    // Relatively, of a norm.
    private const double Alike = 0.2;

    // Extent of a group of cosines, of the gap between the two.
    private const double Extent = 0.5;

    // Squared, of the distance of class means: within-class over between-class variance.
    private const double Collapsed = 1e-6;
    private readonly int _vertices;
    private readonly int _classes;
    private readonly double[,] _cosines;
    private readonly bool _hasEqualNorms;
    private readonly bool _isCollapsed;

    public UfmEdgePattern(ClassStatistics statistics, int vertices)
    {
        _vertices = vertices;
        _classes = statistics.Classes;
        _isCollapsed = statistics.WithinTrace <= Collapsed * statistics.BetweenTrace;
        Tensor<double> means = statistics.Means;
        double[] norms = [.. Enumerable.Range(0, _classes).Select(c => TensorPrimitives.Norm<double>(means.Row(c)))];
        _hasEqualNorms = norms.Min() >= (1.0 - Alike) * norms.Max();
        _cosines = new double[_classes, _classes];
        for (int c = 0; c < _classes; c++)
        {
            for (int other = 0; other < _classes; other++)
                _cosines[c, other] = TensorPrimitives.Dot<double>(means.Row(c), means.Row(other)) / (norms[c] * norms[other]);
        }
    }

    /// <summary>Why it is not that pattern; null when it is.</summary>
    public string? Problem()
    {
        if (!_isCollapsed)
            return "samples of a class differ before the last ReLU";
        if (!_hasEqualNorms)
            return "the class means before the last ReLU differ in norm";
        bool[,]? neighbours = Neighbours();
        if (neighbours is null)
            return "the angles between the class means before the last ReLU are not of two sizes";
        return IsLineGraph(neighbours) ? null : "the angles of the class means before the last ReLU are not those of edges that share a vertex";
    }

    // The two groups of cosines of different classes, told apart at the middle between least and largest; null where they scatter.
    private bool[,]? Neighbours()
    {
        double[] all = [.. Pairs().Select(pair => _cosines[pair.First, pair.Second])];
        double middle = 0.5 * (all.Min() + all.Max());
        double[] upper = [.. all.Where(cosine => cosine > middle)];
        double[] lower = [.. all.Where(cosine => cosine <= middle)];
        if (upper.Length == 0 || Math.Max(upper.Max() - upper.Min(), lower.Max() - lower.Min()) > Extent * (upper.Min() - lower.Max()))
            return null;
        bool[,] neighbours = new bool[_classes, _classes];
        foreach ((int first, int second) in Pairs())
            neighbours[first, second] = neighbours[second, first] = _cosines[first, second] > middle;
        return neighbours;
    }

    private bool IsLineGraph(bool[,] neighbours)
    {
        int[][] lists = [.. Enumerable.Range(0, _classes).Select(c => Enumerable.Range(0, _classes).Where(other => neighbours[c, other]).ToArray())];
        if (lists.Any(list => list.Length != 2 * (_vertices - 2)))
            return false;
        foreach ((int first, int second) in Pairs())
        {
            int[] common = [.. lists[first].Where(c => neighbours[second, c])];
            bool areNeighbours = neighbours[first, second];
            if (common.Length != (areNeighbours ? _vertices - 2 : 4))
                return false;
            int joined = common.Sum(c => common.Count(other => neighbours[c, other])) / 2;
            if (areNeighbours && joined != (_vertices - 3) * (_vertices - 4) / 2)
                return false;
        }
        return true;
    }

    private IEnumerable<(int First, int Second)> Pairs()
    {
        for (int first = 0; first < _classes; first++)
        {
            for (int second = first + 1; second < _classes; second++)
                yield return (first, second);
        }
    }
}
