namespace Eigenscope.Experiments.Benchmarks;

/// <summary>y = c x^exponent by ordinary least squares on logarithms.</summary>
/// <param name="Exponent">Slope of the line.</param>
/// <param name="StandardError">Its standard error, √(Σ residuals² / (n − 2) / Σ (log x − mean)²).</param>
internal readonly record struct PowerLaw(double Exponent, double StandardError)
{
    /// <summary>Fits.</summary>
    /// <param name="points">At least three, with positive entries and different x.</param>
    public static PowerLaw Fit(IReadOnlyList<(double X, double Y)> points)
    {
        if (points.Count < 3)
            throw new ArgumentException($"a slope with its error needs at least three points, got {points.Count}", nameof(points));
        double[] x = [.. points.Select(static point => Math.Log(point.X))], y = [.. points.Select(static point => Math.Log(point.Y))];
        double meanX = x.Average(), meanY = y.Average();
        double spread = x.Sum(value => (value - meanX) * (value - meanX));
        double slope = x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / spread;
        double squares = x.Zip(y, (a, b) => Square(b - meanY - (slope * (a - meanX)))).Sum();
        return new PowerLaw(slope, Math.Sqrt(squares / (points.Count - 2) / spread));
    }

    private static double Square(double value) => value * value;
}
