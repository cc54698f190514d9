namespace Eigenscope.Theory.UnconstrainedFeatures;

/// <summary>Eigenvalues of [[x, z], [z, y]], the smaller one from the determinant so that no digits cancel.</summary>
internal static class TwoByTwo
{
    /// <summary>Both eigenvalues, the one of larger modulus first.</summary>
    /// <param name="x">First diagonal entry.</param>
    /// <param name="y">Second diagonal entry.</param>
    /// <param name="z">Off-diagonal entry.</param>
    /// <param name="determinant">xy − z², computed where it is known without cancellation.</param>
    public static double[] Eigenvalues(double x, double y, double z, double determinant)
    {
        double mean = 0.5 * (x + y);
        double difference = 0.5 * (x - y);
        double radius = Math.Sqrt((difference * difference) + (z * z));
        double large = mean >= 0 ? mean + radius : mean - radius;
        return large == 0 ? [0, 0] : [large, determinant / large];
    }
}
