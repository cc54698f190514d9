using System.Numerics.Tensors;
using Eigenscope.Numerics.Estimators;

namespace Eigenscope.Numerics.Tests.Estimators;

/// <summary>A known spectrum smoothed by a curve's kernel: what its band should cover. Written from the definition, on its own.</summary>
internal static class SmoothedSpectrum
{
    /// <summary>(1/n) Σ φ_σ(s − s(λ)) at every grid point of the curve.</summary>
    public static double[] On(DensityCurve curve, IEnumerable<double> eigenvalues, int dimension)
    {
        double[] exact = new double[curve.Coordinates.Count];
        double[] grid = [.. curve.Coordinates];
        double[] kernel = new double[grid.Length];
        double exponent = -1 / (2 * curve.KernelWidth * curve.KernelWidth);
        foreach (double value in eigenvalues)
        {
            TensorPrimitives.Subtract(grid, Coordinate(curve, value), kernel);
            TensorPrimitives.Multiply(kernel, kernel, kernel);
            TensorPrimitives.Multiply(kernel, exponent, kernel);
            TensorPrimitives.Exp(kernel, kernel);
            TensorPrimitives.Add(exact, kernel, exact);
        }
        TensorPrimitives.Multiply(exact, 1 / (dimension * curve.KernelWidth * Math.Sqrt(2 * Math.PI)), exact);
        return exact;
    }

    /// <summary>Share of the points with a density above 1 % of its maximum whose band holds it.</summary>
    public static double Coverage(DensityCurve curve, double[] exact)
    {
        double threshold = 0.01 * exact.Max();
        int counted = 0;
        int inside = 0;
        for (int i = 0; i < exact.Length; i++)
        {
            if (exact[i] <= threshold)
                continue;
            counted++;
            inside += Math.Abs(curve.Density[i] - exact[i]) <= curve.HalfWidth[i] ? 1 : 0;
        }
        return (double)inside / counted;
    }

    /// <summary>∫ |F − G| of two discrete distributions.</summary>
    public static double Wasserstein(IEnumerable<(double Value, double Mass)> first, IEnumerable<(double Value, double Mass)> second)
    {
        (double Value, double Mass)[] steps = [.. first.Concat(second.Select(atom => (atom.Value, -atom.Mass))).OrderBy(atom => atom.Value)];
        double distance = 0;
        double difference = 0;
        for (int i = 0; i + 1 < steps.Length; i++)
        {
            difference += steps[i].Mass;
            distance += Math.Abs(difference) * (steps[i + 1].Value - steps[i].Value);
        }
        return distance;
    }

    private static double Coordinate(DensityCurve curve, double value) =>
        curve.Scale == DensityScale.Linear ? value : Math.Log((value / curve.LinearThreshold!.Value / 2) + Math.Sqrt(1 + Math.Pow(value / curve.LinearThreshold.Value / 2, 2))) / Math.Log(10);
}
