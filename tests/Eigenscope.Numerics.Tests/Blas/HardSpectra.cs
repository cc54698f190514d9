namespace Eigenscope.Numerics.Tests.Blas;

/// <summary>Spectra on which decompositions are known to fail.</summary>
internal static class HardSpectra
{
    public static IEnumerable<(string Name, double[] Values)> All(int n)
    {
        yield return ("identity", Make(n, _ => 1.0));
        yield return ("zeros", Make(n, _ => 0.0));
        yield return ("rank 3", Make(n, k => k < 3 ? 3.0 - k : 0.0));
        yield return ("repeated", Make(n, k => (k % 4) + 1.0));
        yield return ("clustered", Make(n, k => 1.0 + (1e-12 * k)));
        yield return ("two clusters", Make(n, k => (k % 2 == 0 ? 1.0 : -1.0) + (1e-12 * k)));
        yield return ("graded", Make(n, k => Math.Pow(10.0, -15.0 * k / (n - 1))));
        yield return ("steeply graded", Make(n, k => Math.Pow(10.0, -120.0 * k / (n - 1))));
        yield return ("symmetric about zero", Make(n, k => k - ((n - 1) / 2.0)));
        yield return ("one outlier", Make(n, k => k == 0 ? 1e8 : 1.0));
    }

    private static double[] Make(int n, Func<int, double> value) => [.. Enumerable.Range(0, n).Select(value)];
}
