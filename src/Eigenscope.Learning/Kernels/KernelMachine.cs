using Eigenscope.Learning.Features;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Kernels;

/// <summary>
/// Kernel ridge regression f(x) = Σ_i α_i k_M(x, x_i), (K + μI) α = Y, with a Mahalanobis metric M: predictions and the average gradient outer product in closed form. Computes in double precision, in blocks, so that no matrix
/// of n × n need fit in memory.
/// </summary>
public sealed class KernelMachine
{
    private readonly KernelGeometry _geometry;
    private readonly Compute _compute;

    private KernelMachine(Kernel kernel, Metric metric, Tensor<double> points, KernelGeometry geometry, RidgeSolution solution, double ridge, Compute compute)
    {
        (Kernel, Metric, Points, Solution, Ridge) = (kernel, metric, points, solution, ridge);
        (_geometry, _compute) = (geometry, compute);
    }

    /// <summary>k.</summary>
    public Kernel Kernel { get; }

    /// <summary>M.</summary>
    public Metric Metric { get; }

    /// <summary>The training points, n × d.</summary>
    public Tensor<double> Points { get; }

    /// <summary>μ.</summary>
    public double Ridge { get; }

    /// <summary>α, n × K.</summary>
    public Tensor<double> Coefficients => Solution.Coefficients;

    /// <summary>How α was found, and how well.</summary>
    public RidgeSolution Solution { get; }

    /// <summary>How the distances were computed so far.</summary>
    public DistanceAccuracy Distances => _geometry.Distances;

    /// <summary>Fits a machine.</summary>
    /// <param name="points">X, n × d, n ≥ 1, finite; kept, not copied.</param>
    /// <param name="targets">Y, n × K, K ≥ 1, finite.</param>
    /// <param name="kernel">k.</param>
    /// <param name="metric">M, of dimension d.</param>
    /// <param name="options">Ridge, memory and tolerance.</param>
    /// <param name="compute">Where to compute.</param>
    /// <param name="random">Draws the landmarks of conjugate gradients.</param>
    /// <param name="cancellation">Looked at between blocks and iterations.</param>
    /// <returns>The machine. Of targets that are all zero it is the zero function.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit, or a number is not finite or out of its range.</exception>
    /// <exception cref="LinearAlgebraException">K + μI is not positive definite: the message says at which pivot, and which points coincide.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static KernelMachine Fit(
        Tensor<double> points, Tensor<double> targets, Kernel kernel, Metric metric, RidgeOptions options, Compute compute, RandomStream random, CancellationToken cancellation = default) =>
        Fit(points, targets, kernel, metric, options, new RidgeWorkspace(), compute, random, cancellation);

    /// <summary>The same with the large arrays of an earlier fit.</summary>
    internal static KernelMachine Fit(
        Tensor<double> points, Tensor<double> targets, Kernel kernel, Metric metric, RidgeOptions options, RidgeWorkspace workspace, Compute compute, RandomStream random, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentNullException.ThrowIfNull(targets);
        RidgeOptions.Check(options);
        KernelGeometry geometry = Geometry(points, kernel, metric, compute);
        MatrixGuard.Shape(targets.AsMatrix(), points.Rows, Math.Max(1, targets.Columns), nameof(targets));
        MatrixGuard.Finite(targets.AsMatrix(), nameof(targets));
        RidgeSolution solution = new RidgeSolver(geometry, options, workspace, compute).Solve(targets, random, cancellation);
        return new KernelMachine(kernel, metric, points, geometry, solution, options.Ridge, compute);
    }

    /// <summary>A machine from coefficients found earlier.</summary>
    /// <param name="points">X, n × d, finite.</param>
    /// <param name="kernel">k.</param>
    /// <param name="metric">M, of dimension d.</param>
    /// <param name="solution">α, n × K, and how it was found.</param>
    /// <param name="ridge">μ.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>The machine.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit, or a number is not finite.</exception>
    public static KernelMachine Restore(Tensor<double> points, Kernel kernel, Metric metric, RidgeSolution solution, double ridge, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(solution);
        KernelGeometry geometry = Geometry(points, kernel, metric, compute);
        MatrixGuard.Shape(solution.Coefficients.AsMatrix(), points.Rows, Math.Max(1, solution.Coefficients.Columns), nameof(solution));
        MatrixGuard.Finite(solution.Coefficients.AsMatrix(), nameof(solution));
        return new KernelMachine(kernel, metric, points, geometry, solution, ridge, compute);
    }

    /// <summary>f at given points.</summary>
    /// <param name="points">m × d, finite.</param>
    /// <param name="cancellation">Looked at between blocks.</param>
    /// <returns>m × K.</returns>
    /// <exception cref="ArgumentException">Not d columns, or not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Tensor<double> Predict(ReadOnlyMatrixSpan<double> points, CancellationToken cancellation = default)
    {
        MatrixGuard.Finite(points, nameof(points));
        MappedPoints mapped = _geometry.Map(points);
        Tensor<double> values = new(points.Rows, Coefficients.Columns);
        int rows = points.Rows, blocks = (rows + KernelGeometry.BlockRows - 1) / KernelGeometry.BlockRows;
        _compute.ForEachPart(Math.Min(_compute.Threads, blocks), part =>
        {
            double[] scratch = new double[Math.Min(KernelGeometry.BlockRows, rows) * _geometry.Count];
            for (int block = part; block < blocks && !cancellation.IsCancellationRequested; block += _compute.Threads)
            {
                int start = block * KernelGeometry.BlockRows, height = Math.Min(KernelGeometry.BlockRows, rows - start);
                MatrixSpan<double> kernel = new(scratch, height, _geometry.Count);
                _geometry.Values(mapped, start, kernel);
                _compute.Blas.Multiply(1.0, kernel, MatrixOp.None, Coefficients.AsMatrix(), MatrixOp.None, 0.0, values.AsMatrix().RowRange(start, height));
            }
        });
        cancellation.ThrowIfCancellationRequested();
        return values;
    }

    /// <summary>The average gradient outer product at the training points.</summary>
    /// <param name="cancellation">Looked at between blocks.</param>
    /// <returns>What was accumulated; <see cref="AgopForm"/> gives its forms.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public AgopAccumulator Agop(CancellationToken cancellation = default) => Accumulate(_geometry.Points, cancellation);

    /// <summary>
    /// The average gradient outer product at given points: J_c(x) = ∇f_c(x) = Σ_i α_ic ∇_x k_M(x, x_i) in the original coordinates. Terms of points closer than 1e-10 are dropped where the kernel has a kink.
    /// </summary>
    /// <param name="points">m × d, finite.</param>
    /// <param name="cancellation">Looked at between blocks.</param>
    /// <returns>What was accumulated.</returns>
    /// <exception cref="ArgumentException">Not d columns, or not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public AgopAccumulator Agop(ReadOnlyMatrixSpan<double> points, CancellationToken cancellation = default)
    {
        MatrixGuard.Finite(points, nameof(points));
        return Accumulate(_geometry.Map(points), cancellation);
    }

    /// <summary>The average gradient outer product at the training points by its products, for a d at which a d × d matrix is too large.</summary>
    /// <param name="centring">Whether the mean Jacobian is subtracted.</param>
    /// <returns>A positive semidefinite d × d operator, the plain mean over samples.</returns>
    public LinearOperator AgopOperator(Centring centring = Centring.None) => new KernelAgopOperator(_geometry, Metric, Coefficients, centring, _compute);

    private AgopAccumulator Accumulate(MappedPoints at, CancellationToken cancellation)
    {
        AgopAccumulator accumulator = new KernelGradients(_geometry, Coefficients, _compute).Accumulate(at, cancellation);
        return Metric.IsIdentity ? accumulator : accumulator.MapColumns(Metric.Root(_compute).AsMatrix());
    }

    private static KernelGeometry Geometry(Tensor<double> points, Kernel kernel, Metric metric, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(metric);
        ArgumentNullException.ThrowIfNull(compute);
        MatrixGuard.NotEmpty(points.AsMatrix(), nameof(points));
        MatrixGuard.Shape(points.AsMatrix(), points.Rows, metric.Dimension, nameof(points));
        MatrixGuard.Finite(points.AsMatrix(), nameof(points));
        return new KernelGeometry(kernel, metric, points.AsMatrix(), compute);
    }
}
