using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Analysis.Features;

/// <summary>
/// AGOP alignment of arXiv 2407.20199: the cosine ⟨A, B⟩ / (‖A‖_F ‖B‖_F) of two metrics over all entries, uncentred: of that after t iterations with the last one. Two positive semidefinite matrices have a cosine of at least 0,
/// and of matrices with large traces it is far from 0 whatever they have in common.
/// </summary>
public static class AgopAlignment
{
    /// <summary>Measures two matrices.</summary>
    /// <param name="first">A, m × n, finite.</param>
    /// <param name="second">B, m × n, finite.</param>
    /// <returns>The cosine, in [−1, 1]; undefined when either is zero.</returns>
    /// <exception cref="ArgumentException">A matrix is empty or not finite, or the shapes differ.</exception>
    public static Number Measure(ReadOnlyMatrixSpan<double> first, ReadOnlyMatrixSpan<double> second)
    {
        MatrixGuard.NotEmpty(first, nameof(first));
        MatrixGuard.Shape(second, first.Rows, first.Columns, nameof(second));
        MatrixGuard.Finite(first, nameof(first));
        MatrixGuard.Finite(second, nameof(second));
        double a = Largest(first), b = Largest(second);
        if (a == 0.0 || b == 0.0)
            return Number.Undefined(a == 0.0 ? "the first matrix is zero" : "the second matrix is zero");
        // Scaled by the largest entries, squares neither overflow nor vanish.
        double product = 0.0, firstSquare = 0.0, secondSquare = 0.0;
        for (int i = 0; i < first.Rows; i++)
        {
            for (int j = 0; j < first.Columns; j++)
            {
                double x = first[i, j] / a, y = second[i, j] / b;
                product += x * y;
                firstSquare += x * x;
                secondSquare += y * y;
            }
        }
        return Number.Of(Math.Clamp(product / Math.Sqrt(firstSquare) / Math.Sqrt(secondSquare), -1.0, 1.0));
    }

    private static double Largest(ReadOnlyMatrixSpan<double> matrix)
    {
        double largest = 0.0;
        for (int i = 0; i < matrix.Rows; i++)
            largest = Math.Max(largest, Math.Abs(TensorPrimitives.MaxMagnitude(matrix.Row(i))));
        return largest;
    }
}
