using System.Numerics.Tensors;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Numerics.Estimators.Traces;

/// <summary>Mean of xᵀ A x over random signs.</summary>
internal sealed class HutchinsonSampler(TraceProducts products, RandomStream random) : ITraceSampler
{
    private readonly double[] _probes = new double[products.Block * products.Dimension];
    private readonly double[] _images = new double[products.Block * products.Dimension];
    private readonly SampleMean _mean = new();

    public Estimate Grow(int totalProducts)
    {
        while (_mean.Count < totalProducts)
        {
            int count = Math.Min(products.Block, totalProducts - _mean.Count);
            MatrixSpan<double> x = new(_probes, count, products.Dimension);
            MatrixSpan<double> y = new(_images, count, products.Dimension);
            for (int i = 0; i < count; i++)
                random.FillSigns(x.Row(i));
            products.Apply(x, y);
            for (int i = 0; i < count; i++)
                _mean.Add(TensorPrimitives.Dot<double>(x.Row(i), y.Row(i)));
        }
        return _mean.ToEstimate();
    }
}
