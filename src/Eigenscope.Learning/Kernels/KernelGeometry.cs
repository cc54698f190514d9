using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Learning.Kernels;

/// <summary>
/// The points of a kernel machine in the coordinates in which the metric is Euclidean, and blocks of kernel values and slopes against them. For a radial kernel the points' mean is taken off, which no distance notices
/// and which makes the expansion of squares as accurate as it can be.
/// </summary>
internal sealed class KernelGeometry
{
    private const double Epsilon = 2.220446049250313e-16;

    // Rows of a block that one thread works on: enough for a matrix product to run at full speed, few enough that a block against 20,000 points is 40 MB.
    public const int BlockRows = 256;

    private readonly Kernel _kernel;
    private readonly Metric _metric;
    private readonly double[] _mean;
    private readonly Compute _compute;
    private long _pairs;
    private long _recomputed;

    public KernelGeometry(Kernel kernel, Metric metric, ReadOnlyMatrixSpan<double> points, Compute compute)
    {
        (_kernel, _metric, _compute) = (kernel, metric, compute);
        Points = new MappedPoints(metric.Map(points, compute), null);
        _mean = kernel.IsRadial ? MeanOf(Points.Rows) : [];
        Points = Centre(Points.Rows);
    }

    /// <summary>The mapped (and centred) points with their squared norms.</summary>
    public MappedPoints Points { get; }

    /// <summary>Whether the kernel depends on distances.</summary>
    public bool IsRadial => _kernel.IsRadial;

    /// <summary>See <see cref="Kernel.LinearSlope"/>.</summary>
    public (double Factor, double Offset)? LinearSlope => _kernel.LinearSlope;

    /// <summary>n.</summary>
    public int Count => Points.Rows.Rows;

    /// <summary>d.</summary>
    public int Dimension => Points.Rows.Columns;

    /// <summary>What was computed so far, and how.</summary>
    public DistanceAccuracy Distances => new(Interlocked.Read(ref _pairs), Interlocked.Read(ref _recomputed), _kernel.IsRadial ? (Dimension + 4) * Epsilon / DistanceAccuracy.Threshold : 0.0);

    /// <summary>Brings other points into the same coordinates.</summary>
    public MappedPoints Map(ReadOnlyMatrixSpan<double> points) => Centre(_metric.Map(points, _compute));

    /// <summary>Kernel values of rows [start, start + target.Rows) of <paramref name="x"/> against the first target.Columns points. One thread.</summary>
    public void Values(MappedPoints x, int start, MatrixSpan<double> target)
    {
        Fill(x, start, target);
        for (int i = 0; i < target.Rows; i++)
            _kernel.ToValues(target.Row(i));
    }

    /// <summary>The same for slopes; see <see cref="Kernel.ToSlopes"/>.</summary>
    public void Slopes(MappedPoints x, int start, MatrixSpan<double> target)
    {
        Fill(x, start, target);
        for (int i = 0; i < target.Rows; i++)
            _kernel.ToSlopes(target.Row(i));
    }

    /// <summary>Σ k(x_i, x_i) over the points.</summary>
    public double Trace()
    {
        if (_kernel.IsRadial)
            return Count;
        double[] diagonal = [.. Enumerable.Range(0, Count).Select(i => TensorPrimitives.SumOfSquares<double>(Points.Rows.Row(i)))];
        _kernel.ToValues(diagonal);
        return TensorPrimitives.Sum<double>(diagonal);
    }

    private void Fill(MappedPoints x, int start, MatrixSpan<double> target)
    {
        ReadOnlyMatrixSpan<double> rows = x.Rows.AsMatrix().RowRange(start, target.Rows), points = Points.Rows.AsMatrix().RowRange(0, target.Columns);
        _compute.Blas.Multiply(_kernel.IsRadial ? -2.0 : 1.0, rows, MatrixOp.None, points, MatrixOp.Transpose, 0.0, target);
        if (!_kernel.IsRadial)
            return;
        long recomputed = 0;
        for (int i = 0; i < target.Rows; i++)
            recomputed += Expand(rows.Row(i), x.SquaredNorms![start + i], target.Row(i));
        Interlocked.Add(ref _pairs, (long)target.Rows * target.Columns);
        Interlocked.Add(ref _recomputed, recomputed);
    }

    // r² = ‖x‖² + ‖z‖² − 2 x·z, and again from differences where that has lost its digits.
    private int Expand(ReadOnlySpan<double> x, double norm, Span<double> row)
    {
        ReadOnlySpan<double> norms = Points.SquaredNorms.AsSpan(0, row.Length);
        TensorPrimitives.Add(row, norms, row);
        TensorPrimitives.Add(row, norm, row);
        int recomputed = 0;
        for (int j = 0; j < row.Length; j++)
        {
            if (row[j] < DistanceAccuracy.Threshold * (norm + norms[j]) || !(row[j] > 0.0))
            {
                double distance = TensorPrimitives.Distance<double>(x, Points.Rows.Row(j));
                row[j] = distance * distance;
                recomputed++;
            }
        }
        return recomputed;
    }

    private MappedPoints Centre(Tensor<double> mapped)
    {
        if (!_kernel.IsRadial)
            return new MappedPoints(mapped, null);
        double[] norms = new double[mapped.Rows];
        for (int i = 0; i < mapped.Rows; i++)
        {
            TensorPrimitives.Subtract(mapped.Row(i), _mean, mapped.Row(i));
            norms[i] = TensorPrimitives.SumOfSquares<double>(mapped.Row(i));
        }
        return new MappedPoints(mapped, norms);
    }

    private static double[] MeanOf(Tensor<double> points)
    {
        double[] mean = new double[points.Columns];
        for (int i = 0; i < points.Rows; i++)
            TensorPrimitives.Add(mean, points.Row(i), mean);
        TensorPrimitives.Divide(mean, points.Rows, mean);
        return mean;
    }
}
