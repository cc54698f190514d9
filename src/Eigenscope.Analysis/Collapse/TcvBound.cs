using Eigenscope.Analysis.Ranks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Analysis.Collapse;

/// <summary>
/// The derived TCV bound: for a dense layer decayed as ½λ‖W‖², at a stationary point,
/// dist(W, rank K) ≤ (1/λ) ‖Σ_i δ_i (z_i − z̄_c(i))ᵀ‖_F ≤ (1/λ) (N Σ_i ‖δ_i‖²)^{1/2} TCV^{1/2},
/// z_i the layer's input, z̄_c its class means, TCV = (1/N) Σ_i ‖z_i − z̄_c(i)‖² and δ_i the gradient of the mean data loss in the pre-activation of sample i (so that δ_i includes 1/N).
/// The first inequality holds because −λW differs from the middle's matrix by K outer products; off stationarity <see cref="Slack"/> is added to the right of it.
/// The claim behind it is that of arXiv 2402.03991; this constant is derived, not the paper's. Expect it to hold, not to be tight.
/// </summary>
/// <param name="Distance">dist(W, rank K) = (Σ_{j>K} σ_j²)^{1/2}, ≥ 0.</param>
/// <param name="Middle">(1/λ) ‖Σ_i δ_i (z_i − z̄_c(i))ᵀ‖_F; undefined without weight decay.</param>
/// <param name="Right">(1/λ) (N Σ_i ‖δ_i‖²)^{1/2} TCV^{1/2}; undefined without weight decay.</param>
/// <param name="Slack">(1/λ) ‖Σ_i δ_i z_iᵀ + λW‖_F, how far the weight is from stationary: Distance ≤ Middle + Slack always. Undefined without weight decay.</param>
public sealed record TcvBound(double Distance, Number Middle, Number Right, Number Slack)
{
    /// <summary>Measures the bound for one dense layer.</summary>
    /// <param name="weight">W, out × d.</param>
    /// <param name="decay">λ ≥ 0 of the objective's ½λ‖W‖².</param>
    /// <param name="deltas">δ, N × out, each row including the 1/N of the mean loss.</param>
    /// <param name="samples">z, N × d.</param>
    /// <param name="labels">N class indices in 0 … K − 1, each class at least once.</param>
    /// <param name="classes">K ≥ 2.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>The numbers of the inequality.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit, a label is out of range, a class has no samples, or a number is not finite.</exception>
    public static TcvBound Measure(
        ReadOnlyMatrixSpan<double> weight, double decay, ReadOnlyMatrixSpan<double> deltas,
        ReadOnlyMatrixSpan<double> samples, ReadOnlySpan<int> labels, int classes, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(compute);
        if (!double.IsFinite(decay) || decay < 0.0)
            throw new ArgumentOutOfRangeException(nameof(decay), decay, "expected a finite weight decay ≥ 0");
        ClassStatistics statistics = ClassStatistics.Measure(samples, labels, classes);
        MatrixGuard.Shape(deltas, samples.Rows, weight.Rows, nameof(deltas));
        MatrixGuard.Shape(weight, weight.Rows, samples.Columns, nameof(weight));
        MatrixGuard.Finite(deltas, nameof(deltas));
        double distance = RankProfile.DistanceToRank(SingularValues.Of(weight, compute), classes);
        if (decay == 0.0)
        {
            Number missing = Number.Undefined("the layer has no weight decay");
            return new TcvBound(distance, missing, missing, missing);
        }
        double middle = Reductions.FrobeniusNorm(WithinClassProduct(statistics, deltas, samples, labels, compute).AsMatrix());
        double right = Math.Sqrt(samples.Rows * Reductions.SumOfSquares(deltas)) * Math.Sqrt(statistics.WithinTrace);
        double residual = Reductions.FrobeniusNorm(Residual(weight, decay, deltas, samples, compute).AsMatrix());
        return new TcvBound(distance, Number.Of(middle / decay), Number.Of(right / decay), Number.Of(residual / decay));
    }

    private static Tensor<double> WithinClassProduct(
        ClassStatistics statistics, ReadOnlyMatrixSpan<double> deltas, ReadOnlyMatrixSpan<double> samples, ReadOnlySpan<int> labels, Compute compute)
    {
        Tensor<double> sum = new(deltas.Columns, samples.Columns);
        CentredBlocks blocks = new(samples, labels, statistics.Means);
        while (blocks.MoveNext())
        {
            ReadOnlyMatrixSpan<double> rows = deltas.RowRange(blocks.Start, blocks.Current.Rows);
            compute.Multiply(1.0, rows, MatrixOp.Transpose, blocks.Current, MatrixOp.None, 1.0, sum.AsMatrix());
        }
        return sum;
    }

    private static Tensor<double> Residual(
        ReadOnlyMatrixSpan<double> weight, double decay, ReadOnlyMatrixSpan<double> deltas, ReadOnlyMatrixSpan<double> samples, Compute compute)
    {
        Tensor<double> residual = new(weight.Rows, weight.Columns);
        weight.CopyTo(residual.AsMatrix());
        TensorPrimitives.Multiply(residual.Span, decay, residual.Span);
        compute.Multiply(1.0, deltas, MatrixOp.Transpose, samples, MatrixOp.None, 1.0, residual.AsMatrix());
        return residual;
    }
}
