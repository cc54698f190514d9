using Eigenscope.Analysis;
using Eigenscope.Analysis.Ranks;
using Eigenscope.Experiments.Reports;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Execution;

namespace Eigenscope.Experiments.Runs;

/// <summary>A convolution as the linear map that it is on its image, taken to be circular.</summary>
internal static class GridMeasurement
{
    // A map on a large image has tens of thousands of singular values.
    private const int MostListed = 1000;

    public static GridReport Measure(ConvolutionLayer layer, ReadOnlySpan<double> weight, int classes, Compute compute)
    {
        ConvolutionShape shape = layer.Shape;
        if (ConvolutionSpectrum.Obstacle(shape) is { } obstacle)
        {
            Number missing = Number.Undefined(obstacle);
            return new GridReport(shape.Input.Height, shape.Input.Width, 0, [], missing, missing, missing, missing);
        }
        double[] values = ConvolutionSpectrum.Of(weight, shape, compute);
        RankProfile profile = RankProfile.FromSingularValues(values, new RankOptions { TargetRank = classes });
        return new GridReport(shape.Input.Height, shape.Input.Width, values.Length, [.. values.Take(MostListed)], Number.Of(values[0]), profile.StableRank, profile.NumericalRank, profile.EffectiveRank);
    }
}
