using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Kernels;

/// <summary>Checks of points with targets.</summary>
internal static class RfmShape
{
    /// <summary>Throws unless points, targets and labels fit each other and, where given, the training data.</summary>
    public static void Check(RfmData data, string name, RfmData? train = null)
    {
        MatrixGuard.NotEmpty(data.Points.AsMatrix(), name);
        MatrixGuard.NotEmpty(data.Targets.AsMatrix(), name);
        MatrixGuard.Finite(data.Points.AsMatrix(), name);
        MatrixGuard.Finite(data.Targets.AsMatrix(), name);
        if (data.Targets.Rows != data.Points.Rows)
            throw new ArgumentException($"expected a target for each of {data.Points.Rows} points, got {data.Targets.Rows}", name);
        if (train is not null && (data.Points.Columns != train.Points.Columns || data.Targets.Columns != train.Targets.Columns))
            throw new ArgumentException($"expected points of {train.Points.Columns} coordinates with {train.Targets.Columns} targets, as in training, got {data.Points.Columns} with {data.Targets.Columns}", name);
        if (data.Labels is null)
            return;
        if (data.Labels.Length != data.Points.Rows)
            throw new ArgumentException($"expected a label for each of {data.Points.Rows} points, got {data.Labels.Length}", name);
        if (Array.FindIndex(data.Labels, label => (uint)label >= (uint)data.Targets.Columns) is >= 0 and int wrong)
            throw new ArgumentException($"expected labels in 0 … {data.Targets.Columns - 1}, label {wrong} is {data.Labels[wrong]}", name);
    }
}
