using System.Globalization;
using System.Numerics;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Doctor;

/// <summary>A small matrix product against the sum that defines it: a broken or wrongly built library is found before it spoils a run.</summary>
internal static class ProductCheck
{
    private const int Rows = 129;
    private const int Inner = 67;
    private const int Columns = 130;

    /// <summary>Multiplies two random matrices over all threads.</summary>
    public static DoctorCheck Run<T>(Compute compute, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RandomStream random = new(0);
        Tensor<T> a = Draw<T>(random.Split("a"), Rows, Inner);
        Tensor<T> b = Draw<T>(random.Split("b"), Inner, Columns);
        Tensor<T> c = new(Rows, Columns);
        compute.Multiply(T.One, a.AsMatrix(), MatrixOp.None, b.AsMatrix(), MatrixOp.None, T.Zero, c.AsMatrix());
        double error = LargestError(a, b, c);
        // The usual bound on a sum of products, in units of Σ|a||b|.
        double bound = (Inner + 2) * (typeof(T) == typeof(float) ? MathF.BitIncrement(1f) - 1f : Math.BitIncrement(1.0) - 1.0);
        string detail = string.Create(CultureInfo.InvariantCulture, $"relative error {error:0.0e+0}, at most {bound:0.0e+0} is rounding");
        return new DoctorCheck(name, error <= bound, error <= bound ? detail : $"{detail}: the kernels are broken; try EIGENSCOPE_BLAS=managed");
    }

    private static Tensor<T> Draw<T>(RandomStream random, int rows, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Tensor<double> matrix = new(rows, columns);
        random.FillNormal(matrix.Span);
        return matrix.Convert<T>();
    }

    // max over entries of |c − Σ a b| / Σ |a b|; NaN anywhere makes it infinite.
    private static double LargestError<T>(Tensor<T> a, Tensor<T> b, Tensor<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double largest = 0.0;
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++)
            {
                (double sum, double scale) = (0.0, 0.0);
                for (int k = 0; k < Inner; k++)
                {
                    double term = double.CreateTruncating(a[i, k]) * double.CreateTruncating(b[k, j]);
                    sum += term;
                    scale += Math.Abs(term);
                }
                double error = Math.Abs(double.CreateTruncating(c[i, j]) - sum) / scale;
                largest = double.IsNaN(error) ? double.PositiveInfinity : Math.Max(largest, error);
            }
        }
        return largest;
    }
}
