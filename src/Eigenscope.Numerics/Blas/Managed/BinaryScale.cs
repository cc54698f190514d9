using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Blas.Managed;

/// <summary>
/// Brings the largest magnitude of a matrix to [1, 2) by a power of two, which is exact, so that squares neither overflow nor underflow in the factorisations.
/// </summary>
internal static class BinaryScale
{
    /// <summary>Below this, relative to the largest entry, a vector is taken as zero: its square would lose digits to underflow. Far below any rounding error.</summary>
    public const double Negligible = 1e-140;

    /// <summary>The exponent e such that the largest of the magnitudes lies in [2^e, 2^(e+1)); null when all are zero.</summary>
    public static int? Exponent(double largest) => largest == 0.0 ? null : Math.ILogB(largest);

    /// <summary>Largest magnitude of the lower triangle.</summary>
    public static double LargestOfLower(ReadOnlyMatrixSpan<double> a)
    {
        double largest = 0.0;
        for (int i = 0; i < a.Rows; i++)
            largest = Math.Max(largest, Largest(a.Row(i)[..(i + 1)]));
        return largest;
    }

    /// <summary>Largest magnitude of all entries.</summary>
    public static double Largest(ReadOnlyMatrixSpan<double> a)
    {
        double largest = 0.0;
        for (int i = 0; i < a.Rows; i++)
            largest = Math.Max(largest, Largest(a.Row(i)));
        return largest;
    }

    /// <summary>Multiplies by 2^exponent.</summary>
    public static void Multiply(MatrixSpan<double> a, int exponent)
    {
        for (int i = 0; i < a.Rows; i++)
            Multiply(a.Row(i), exponent);
    }

    /// <summary>Multiplies by 2^exponent.</summary>
    public static void Multiply(Span<double> values, int exponent)
    {
        if (exponent == 0)
            return;
        foreach (ref double value in values)
            value = Math.ScaleB(value, exponent);
    }

    private static double Largest(ReadOnlySpan<double> values) =>
        values.IsEmpty ? 0.0 : Math.Abs(System.Numerics.Tensors.TensorPrimitives.MaxMagnitude(values));
}
