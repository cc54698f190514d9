using System.Numerics.Tensors;
using MathNet.Numerics.Distributions;

namespace Eigenscope.Numerics.Estimators.Density;

/// <summary>Smooths the probes' quadratures on a grid, with the band that their spread gives.</summary>
internal sealed class DensitySmoother
{
    private const double Reach = 5.0;
    private const int MostPoints = 1 << 20;

    private readonly DensityAxis _axis;
    private readonly double _width;
    private readonly double _mass;
    private readonly double[] _grid;
    private readonly double[] _scratch;

    /// <summary>Lays the grid.</summary>
    /// <param name="axis">The coordinate.</param>
    /// <param name="width">σ in units of the coordinate.</param>
    /// <param name="points">Points wanted; more when their spacing would exceed σ.</param>
    /// <param name="range">Smallest and largest node.</param>
    /// <param name="mass">Total mass of the curve.</param>
    public DensitySmoother(DensityAxis axis, double width, int points, (double Low, double High) range, double mass)
    {
        (_axis, _width, _mass) = (axis, width, mass);
        double low = axis.Coordinate(range.Low) - (Reach * width);
        double high = axis.Coordinate(range.High) + (Reach * width);
        double needed = Math.Ceiling((high - low) / width) + 1;
        if (!(needed <= MostPoints))
            throw new ArgumentException(FormattableString.Invariant($"a kernel of width {width:G3} over a spectrum from {range.Low:G6} to {range.High:G6} needs {needed:G3} grid points; ask for a wider one, or leave it out"), nameof(width));
        _grid = new double[Math.Max(points, (int)needed)];
        for (int i = 0; i < _grid.Length; i++)
            _grid[i] = low + ((high - low) * i / (_grid.Length - 1));
        _scratch = new double[_grid.Length];
    }

    /// <summary>The curve of the final quadratures, beside that of earlier ones.</summary>
    public DensityCurve Curve(IReadOnlyList<GaussQuadrature> final, IReadOnlyList<GaussQuadrature> earlier, double confidence)
    {
        double[] mean = new double[_grid.Length];
        double[] spread = new double[_grid.Length];
        Accumulate(final, mean, spread);
        double[] before = new double[_grid.Length];
        Accumulate(earlier, before, new double[_grid.Length]);
        double t = StudentT.InvCDF(0.0, 1.0, final.Count - 1, 0.5 * (1.0 + confidence));
        TensorPrimitives.Divide(spread, (double)final.Count * (final.Count - 1), spread);
        TensorPrimitives.Sqrt(spread, spread);
        TensorPrimitives.Multiply(spread, t, spread);
        TensorPrimitives.Subtract(mean, before, before);
        TensorPrimitives.Abs(before, before);
        return new DensityCurve
        {
            Scale = _axis.Scale,
            LinearThreshold = _axis.Scale == DensityScale.SymmetricLog ? _axis.Threshold : null,
            KernelWidth = _width,
            Coordinates = _grid,
            Values = Array.ConvertAll(_grid, _axis.Value),
            Density = mean,
            HalfWidth = spread,
            StepChange = before,
        };
    }

    /// <summary>Welford's recurrence at every point: the mean and the sum of squared deviations.</summary>
    private void Accumulate(IReadOnlyList<GaussQuadrature> probes, double[] mean, double[] squares)
    {
        double[] density = new double[_grid.Length];
        for (int p = 0; p < probes.Count; p++)
        {
            Smooth(probes[p], density);
            for (int i = 0; i < density.Length; i++)
            {
                double difference = density[i] - mean[i];
                mean[i] += difference / (p + 1);
                squares[i] += difference * (density[i] - mean[i]);
            }
        }
    }

    private void Smooth(GaussQuadrature probe, Span<double> density)
    {
        density.Clear();
        double height = _mass / (_width * Math.Sqrt(2.0 * Math.PI));
        for (int node = 0; node < probe.Nodes.Count; node++)
        {
            TensorPrimitives.Subtract(_grid, _axis.Coordinate(probe.Nodes[node]), _scratch);
            TensorPrimitives.Divide(_scratch, _width, _scratch);
            TensorPrimitives.Multiply(_scratch, _scratch, _scratch);
            TensorPrimitives.Multiply(_scratch, -0.5, _scratch);
            TensorPrimitives.Exp(_scratch, _scratch);
            TensorPrimitives.MultiplyAdd(_scratch, height * probe.Weights[node], density, density);
        }
    }
}
