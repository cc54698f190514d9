using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Kernels;

/// <summary>Random features y ↦ σ(W y + u), drawn once.</summary>
internal sealed class RandomFeatureMap
{
    private readonly FeatureMapKind _kind;

    private RandomFeatureMap(FeatureMapKind kind, Tensor<double> weight, double[]? phases) => (_kind, Weight, Phases) = (kind, weight, phases);

    /// <summary>W, width × d.</summary>
    public Tensor<double> Weight { get; }

    /// <summary>u; null for ReLU.</summary>
    public double[]? Phases { get; }

    /// <summary>What the outputs are multiplied by.</summary>
    public double Gain => _kind == FeatureMapKind.Cosine ? Math.Sqrt(2.0 / Weight.Rows) : 1.0;

    /// <summary>Draws a map.</summary>
    public static RandomFeatureMap Draw(FeatureMapKind kind, int width, int dimension, double cauchyScale, RandomStream random)
    {
        Tensor<double> weight = new(width, dimension);
        double bound = 1.0 / Math.Sqrt(dimension);
        foreach (ref double entry in weight.Span)
            entry = kind == FeatureMapKind.Relu ? bound * ((2.0 * random.NextDouble()) - 1.0) : cauchyScale * Math.Tan(Math.PI * (random.NextDouble() - 0.5));
        double[]? phases = kind == FeatureMapKind.Relu ? null : [.. Enumerable.Range(0, width).Select(_ => 2.0 * Math.PI * random.NextDouble())];
        return new RandomFeatureMap(kind, weight, phases);
    }

    /// <summary>Φ, n × width, of points Y, n × d.</summary>
    public Tensor<double> Apply(Tensor<double> points, Compute compute)
    {
        Tensor<double> features = new(points.Rows, Weight.Rows);
        compute.Multiply(1.0, points.AsMatrix(), MatrixOp.None, Weight.AsMatrix(), MatrixOp.Transpose, 0.0, features.AsMatrix());
        compute.ForEachPart(compute.Threads, part =>
        {
            (int start, int count) = Compute.PartRange(features.Rows, part, compute.Threads);
            for (int i = start; i < start + count; i++)
                Activate(features.Row(i));
        });
        return features;
    }

    private void Activate(Span<double> row)
    {
        if (_kind == FeatureMapKind.Relu)
        {
            TensorPrimitives.Max<double>(row, 0.0, row);
            return;
        }
        TensorPrimitives.Add(row, Phases, row);
        TensorPrimitives.Cos<double>(row, row);
        TensorPrimitives.Multiply(row, Gain, row);
    }
}
