using System.Numerics;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Derivatives;

/// <summary>Traces of average gradient outer products, (1/N) Σ ‖J_i‖²_F, or about a mean Jacobian: sums of squares of what one cotangent for each logit brings down, with no estimate and no cancellation.</summary>
internal sealed class AgopTraces<T>(LinearizationWalk<T> walk, int[] boundaries)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double[][] _rows = [.. walk.Memory.Parts.Select(_ => new double[boundaries.Max(walk.Network.BoundarySize)])];

    /// <summary>One trace for each boundary.</summary>
    /// <param name="means">J̄ at each boundary, outputs × entries; null for the plain second moments.</param>
    public double[] Measure(IReadOnlyList<Tensor<double>>? means)
    {
        double[][] sums = [.. walk.Memory.Parts.Select(_ => new double[boundaries.Length])];
        new LogitDescent<T>(walk, boundaries).Walk((part, _, logit, index, cotangents) =>
        {
            ReadOnlySpan<double> mean = means is null ? default : means[index].Span.Slice(logit * cotangents.Columns, cotangents.Columns);
            sums[part][index] += SumOfSquares(cotangents, mean, _rows[part].AsSpan(0, cotangents.Columns));
        });
        return [.. Enumerable.Range(0, boundaries.Length).Select(index => sums.Sum(part => part[index]) / walk.Objective.SampleCount)];
    }

    private static double SumOfSquares(ReadOnlyMatrixSpan<T> rows, ReadOnlySpan<double> mean, Span<double> row)
    {
        double sum = 0.0;
        for (int i = 0; i < rows.Rows; i++)
        {
            TensorPrimitives.ConvertTruncating<T, double>(rows.Row(i), row);
            if (!mean.IsEmpty)
                TensorPrimitives.Subtract(row, mean, row);
            sum += DoubleSums.Dot<double>(row, row);
        }
        return sum;
    }
}
