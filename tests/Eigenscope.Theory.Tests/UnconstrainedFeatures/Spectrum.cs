using System.Globalization;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Theory.Tests.UnconstrainedFeatures;

/// <summary>Dense eigenvalues, and their comparison with predicted groups.</summary>
internal static class Spectrum
{
    private const double UnitRounding = 2.220446049250313e-16;

    // Entries of a hyper-dual Hessian carry a few dozen roundings, and the eigensolver adds some of the norm.
    private const double RoundingsOfTheNorm = 200;

    /// <summary>All eigenvalues of a symmetric matrix, descending.</summary>
    public static double[] Eigenvalues(double[,] matrix)
    {
        int size = matrix.GetLength(0);
        double[] values = new double[size];
        double[] entries = matrix.Cast<double>().ToArray();
        BlasBackends.Load(BlasChoice.Managed).Backend.SymmetricEigen(new MatrixSpan<double>(entries, size, size), values, vectors: false);
        Array.Reverse(values);
        return values;
    }

    /// <summary>Asserts that the groups are the whole spectrum, value by value, to rounding of its norm, or of the larger terms it was computed from.</summary>
    public static void AssertComplete(IReadOnlyList<PredictedGroup> predicted, double[,] matrix, double scale = 0)
    {
        AssertWellFormed(predicted);
        double[] expected = Eigenvalues(matrix);
        double[] expanded = predicted.SelectMany(group => Enumerable.Repeat(group.Value, (int)group.Count)).ToArray();
        Assert.Equal(expected.Length, expanded.Length);
        double tolerance = RoundingsOfTheNorm * UnitRounding * Math.Max(scale, Math.Max(Math.Abs(expected[0]), Math.Abs(expected[^1])));
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - expanded[i]) <= tolerance, Message(i, expected, expanded, tolerance));
    }

    /// <summary>Asserts descending values, no two of them equal, and positive counts.</summary>
    public static void AssertWellFormed(IReadOnlyList<PredictedGroup> groups)
    {
        Assert.All(groups, group => Assert.True(group.Count > 0 && double.IsFinite(group.Value)));
        for (int i = 1; i < groups.Count; i++)
            Assert.True(groups[i].Value < groups[i - 1].Value);
    }

    private static string Message(int index, double[] expected, double[] predicted, double tolerance) =>
        string.Create(CultureInfo.InvariantCulture, $"eigenvalue {index}: dense {expected[index]:R}, predicted {predicted[index]:R}, tolerance {tolerance:R}");
}
