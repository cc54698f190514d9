using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Analysis.Collapse;

/// <summary>
/// NC2, how close the class means are to a regular arrangement (Papyan, Han, Donoho, PNAS 2020). With two classes the centred means are always opposite and of equal length,
/// so every NC2 number is undefined there: "vacuous for two classes".
/// </summary>
/// <param name="Equinorm">Population standard deviation (divided by K) over mean of ‖μ_c − μ_G‖.</param>
/// <param name="Equiangle">Mean over pairs of |cos∠(μ_c − μ_G, μ_c′ − μ_G) + 1/(K − 1)|.</param>
/// <param name="SimplexDistance">Mean over the K² entries of (U Uᵀ − S)², U the unit centred means as rows, S = K/(K−1) I − 11ᵀ/(K−1).</param>
/// <param name="FrameDistance">The same with uncentred means and S = I: the orthogonal frame of the bias-free case with mean squared error.</param>
public sealed record ClassMeanGeometry(Number Equinorm, Number Equiangle, Number SimplexDistance, Number FrameDistance)
{
    private const string Vacuous = "vacuous for two classes";

    /// <summary>Measures the arrangement of the class means.</summary>
    /// <param name="statistics">Class statistics of the features.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>The four numbers; undefined where a mean has no direction, or for two classes.</returns>
    public static ClassMeanGeometry Measure(ClassStatistics statistics, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        ArgumentNullException.ThrowIfNull(compute);
        if (statistics.Classes == 2)
        {
            Number vacuous = Number.Undefined(Vacuous);
            return new ClassMeanGeometry(vacuous, vacuous, vacuous, vacuous);
        }
        (Number equiangle, Number simplex) = MeasureSimplex(statistics, compute);
        return new ClassMeanGeometry(MeasureEquinorm(statistics), equiangle, simplex, MeasureFrame(statistics, compute));
    }

    private static Number MeasureEquinorm(ClassStatistics statistics)
    {
        if (statistics.MeansCoincide)
            return Number.Undefined(WithinClassVariability.MeansCoincide);
        int k = statistics.Classes;
        double[] norms = new double[k];
        for (int c = 0; c < k; c++)
            norms[c] = Math.Sqrt(TensorPrimitives.SumOfSquares<double>(statistics.CentredMeans.Row(c)));
        double mean = TensorPrimitives.Sum<double>(norms) / k;
        double variance = 0.0;
        foreach (double norm in norms)
            variance += (norm - mean) * (norm - mean);
        return Number.Of(Math.Sqrt(variance / k) / mean);
    }

    private static (Number Equiangle, Number Distance) MeasureSimplex(ClassStatistics statistics, Compute compute)
    {
        if (statistics.MeansCoincide)
            return Both(WithinClassVariability.MeansCoincide);
        if (!TryCosines(statistics, statistics.CentredMeans, compute, out Tensor<double> cosines, out int zero))
            return Both($"the mean of class {zero} equals the global mean, so it has no direction");
        double offDiagonal = -1.0 / (statistics.Classes - 1);
        return (MeasureEquiangle(cosines, offDiagonal), MeanSquaredDeviation(cosines, offDiagonal));

        static (Number Equiangle, Number Distance) Both(string reason) => (Number.Undefined(reason), Number.Undefined(reason));
    }

    private static Number MeasureFrame(ClassStatistics statistics, Compute compute) =>
        TryCosines(statistics, statistics.Means, compute, out Tensor<double> cosines, out int zero)
            ? MeanSquaredDeviation(cosines, 0.0)
            : Number.Undefined($"the mean of class {zero} is zero, so it has no direction");

    private static Number MeasureEquiangle(Tensor<double> cosines, double target)
    {
        int k = cosines.Rows;
        double sum = 0.0;
        for (int a = 0; a < k; a++)
        {
            for (int b = a + 1; b < k; b++)
                sum += Math.Abs(cosines[a, b] - target);
        }
        return Number.Of(sum / (k * (k - 1.0) / 2.0));
    }

    private static Number MeanSquaredDeviation(Tensor<double> cosines, double offDiagonal)
    {
        int k = cosines.Rows;
        double sum = 0.0;
        for (int a = 0; a < k; a++)
        {
            for (int b = 0; b < k; b++)
            {
                double deviation = cosines[a, b] - (a == b ? 1.0 : offDiagonal);
                sum += deviation * deviation;
            }
        }
        return Number.Of(sum / ((double)k * k));
    }

    private static bool TryCosines(ClassStatistics statistics, Tensor<double> rows, Compute compute, out Tensor<double> cosines, out int zeroRow)
    {
        Tensor<double> unit = rows.Clone();
        cosines = new Tensor<double>(rows.Rows, rows.Rows);
        for (zeroRow = 0; zeroRow < rows.Rows; zeroRow++)
        {
            double square = TensorPrimitives.SumOfSquares<double>(rows.Row(zeroRow));
            if (statistics.IsRounding(square))
                return false;
            TensorPrimitives.Divide(unit.Row(zeroRow), Math.Sqrt(square), unit.Row(zeroRow));
        }
        compute.Multiply(1.0, unit.AsMatrix(), MatrixOp.None, unit.AsMatrix(), MatrixOp.Transpose, 0.0, cosines.AsMatrix());
        return true;
    }
}
