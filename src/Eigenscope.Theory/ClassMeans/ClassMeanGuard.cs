using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Theory.ClassMeans;

/// <summary>The checks and the measure of rounding that all predictions from class means share.</summary>
internal static class ClassMeanGuard
{
    /// <summary>What is below this share of the largest, times the size of the problem, is rounding.</summary>
    public const double RoundingUnits = 8.0 * 2.220446049250313e-16;

    public static void Shares(IReadOnlyList<double> shares, string name)
    {
        if (shares.Count == 0 || !shares.All(static share => share > 0.0 && double.IsFinite(share)))
            throw new ArgumentException("expected a positive share n_c / N for every class; leave out classes without samples", name);
    }

    public static void Means(Tensor<double> means, int classes, string name)
    {
        if (means.Rows != classes || means.Columns == 0)
            throw new ArgumentException($"expected one row for each of the {classes} classes, got {Describe(means)}", name);
        Finite(means, name);
    }

    public static void LossHessians(Tensor<double> lossHessians, int classes, int logits, string name)
    {
        if (lossHessians.Shape.Length != 3 || lossHessians.Rows != classes || lossHessians.Shape[1] != logits || lossHessians.Shape[2] != logits)
            throw new ArgumentException($"expected class means of loss Hessians, {classes} × {logits} × {logits}, got {Describe(lossHessians)}", name);
        Finite(lossHessians, name);
    }

    public static void Finite(Tensor<double> tensor, string name)
    {
        if (!TensorPrimitives.IsFiniteAll<double>(tensor.Span))
            throw new ArgumentException($"expected finite numbers, but the {Describe(tensor)} array holds a NaN or an infinity; check that the run that made it has not diverged", name);
    }

    public static string Describe(Tensor<double> tensor) => string.Join(" × ", tensor.Shape.ToArray());
}
