using Eigenscope.Theory;

namespace Eigenscope.Experiments.Reports;

/// <summary>Predicted eigenvalues one by one, as measured ones come.</summary>
internal static class PredictedEigenvalues
{
    /// <summary>The largest predicted eigenvalues, each as often as its group says.</summary>
    /// <param name="groups">Descending.</param>
    /// <param name="most">How many at most: a closed form may be of millions.</param>
    public static double[] Expand(IReadOnlyList<PredictedGroup> groups, int most)
    {
        List<double> values = [];
        foreach (PredictedGroup group in groups)
        {
            for (long copy = 0; copy < group.Count && values.Count < most; copy++)
                values.Add(group.Value);
        }
        return [.. values];
    }
}
