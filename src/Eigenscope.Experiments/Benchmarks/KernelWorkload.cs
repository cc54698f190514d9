using Eigenscope.Learning.Features;
using Eigenscope.Learning.Kernels;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Experiments.Benchmarks;

/// <summary>Points on the unit sphere around the directions of their classes, with targets ±1, and one fit of a kernel machine with its average gradient outer product.</summary>
internal sealed class KernelWorkload
{
    private const double ClassDistance = 8.0;
    private const double Bandwidth = 2.0;
    private readonly Tensor<double> _points;
    private readonly Tensor<double> _targets;
    private readonly Compute _compute;
    private readonly RandomStream _random;

    public KernelWorkload(KernelBenchCase row, Compute compute, RandomStream random)
    {
        (_compute, _random) = (compute, random);
        _points = new Tensor<double>(row.Points, row.Dimension);
        _targets = new Tensor<double>(row.Points, row.Outputs);
        random.Split("points").FillNormal(_points.Span);
        _targets.Span.Fill(-1.0);
        for (int i = 0; i < row.Points; i++)
        {
            int label = i % row.Outputs;
            _targets[i, label] = 1.0;
            _points[i, label % row.Dimension] += ClassDistance;
            TensorPrimitives.Divide(_points.Row(i), TensorPrimitives.Norm<double>(_points.Row(i)), _points.Row(i));
        }
    }

    /// <summary>One run.</summary>
    public AgopAccumulator Run()
    {
        RidgeOptions options = new() { MemoryBytes = long.MaxValue };
        return KernelMachine.Fit(_points, _targets, new LaplaceKernel(Bandwidth), Metric.Identity(_points.Columns), options, _compute, _random).Agop();
    }

    /// <summary>Bytes that one run allocates.</summary>
    public long MeasureMemory()
    {
        long before = GC.GetTotalAllocatedBytes(precise: true);
        Run();
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }
}
