using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Eigenscope.Numerics.Solvers;

/// <summary>
/// Preconditioned conjugate gradients (Hestenes and Stiefel 1952) for A X = B, A symmetric positive definite and known by its products; all right-hand sides share the products.
/// </summary>
/// <remarks>
/// The residual that the recurrence carries drifts from the true one. When it meets the tolerance, the true residual is computed from fresh products, and where that does not meet it the iteration starts again from
/// it, which is iterative refinement; it ends when that gains nothing more.
/// </remarks>
public sealed class ConjugateGradients
{
    // A restart that does not halve the residual has reached what rounding allows.
    private const double LeastGain = 0.5;

    // An approximation of the operator in single precision holds about so many digits of a residual before the true one must be looked at again.
    private const double GainOfApproximation = 1e-4;

    private readonly LinearOperator _operator;
    private readonly LinearOperator? _approximation;
    private readonly LinearOperator? _preconditioner;
    private readonly Tensor<double> _rhs;
    private readonly Tensor<double> _x;
    private readonly Tensor<double> _residual;
    private readonly Tensor<double> _preconditioned;
    private readonly Tensor<double> _direction;
    private readonly Tensor<double> _product;
    private readonly double[] _norms;
    private readonly double[] _rho;
    private int _applications;

    private ConjugateGradients(LinearOperator @operator, ReadOnlyMatrixSpan<double> rhs, LinearOperator? preconditioner, LinearOperator? approximation)
    {
        _operator = @operator;
        _approximation = approximation;
        _preconditioner = preconditioner;
        (int count, int n) = (rhs.Rows, rhs.Columns);
        _rhs = new Tensor<double>(count, n);
        rhs.CopyTo(_rhs.AsMatrix());
        (_x, _residual, _preconditioned, _direction, _product) = (new(count, n), _rhs.Clone(), new(count, n), new(count, n), new(count, n));
        _norms = [.. Enumerable.Range(0, count).Select(i => Norm(_rhs.Row(i)))];
        _rho = new double[count];
    }

    /// <summary>Solves.</summary>
    /// <param name="operator">A, n × n, symmetric and positive definite.</param>
    /// <param name="rhs">B: the right-hand sides as rows, m × n, finite.</param>
    /// <param name="preconditioner">An approximation of A⁻¹, symmetric positive definite and n × n; null for none.</param>
    /// <param name="tolerance">Relative residual ‖A x − b‖/‖b‖ asked of every right-hand side, &gt; 0.</param>
    /// <param name="maxIterations">Most iterations, ≥ 1.</param>
    /// <param name="approximation">
    /// A cheaper operator close to A, as A in single precision, that the iterations run on; null runs them on A. The residuals from which they start again, and the one reported, are A's whatever is given here, so that it decides the number of
    /// restarts and not the accuracy.
    /// </param>
    /// <param name="cancellation">Looked at before every product.</param>
    /// <returns>The solutions as rows, with their verdict; of a right-hand side of zeros the solution is zero.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit, the operator is not symmetric, or a number is not finite or out of range.</exception>
    public static LinearSolution Solve(
        LinearOperator @operator, ReadOnlyMatrixSpan<double> rhs, LinearOperator? preconditioner, double tolerance, int maxIterations,
        LinearOperator? approximation = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(@operator);
        if (!@operator.IsSymmetric)
            throw new ArgumentException($"expected a symmetric operator, got a {@operator.Rows} × {@operator.Columns} one that is not declared so", nameof(@operator));
        if (preconditioner is not null && (preconditioner.Rows != @operator.Rows || preconditioner.Columns != @operator.Rows))
            throw new ArgumentException($"expected a {@operator.Rows} × {@operator.Rows} preconditioner, got {preconditioner.Rows} × {preconditioner.Columns}", nameof(preconditioner));
        if (approximation is not null && (approximation.Rows != @operator.Rows || !approximation.IsSymmetric))
            throw new ArgumentException($"expected a symmetric {@operator.Rows} × {@operator.Rows} operator, got {approximation.Rows} × {approximation.Columns}", nameof(approximation));
        MatrixGuard.Shape(rhs, rhs.Rows, @operator.Rows, nameof(rhs));
        MatrixGuard.Finite(rhs, nameof(rhs));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tolerance);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxIterations, 1);
        return new ConjugateGradients(@operator, rhs, preconditioner, approximation).Run(tolerance, maxIterations, cancellation);
    }

    private LinearSolution Run(double tolerance, int maxIterations, CancellationToken cancellation)
    {
        int iterations = 0;
        double reached = _norms.Any(static norm => norm > 0.0) ? 1.0 : 0.0;
        while (reached > tolerance && iterations < maxIterations && !cancellation.IsCancellationRequested)
        {
            double goal = _approximation is null ? tolerance : Math.Max(tolerance, GainOfApproximation * reached);
            iterations += Iterate(goal, maxIterations - iterations, cancellation);
            if (cancellation.IsCancellationRequested)
                break;
            double before = reached;
            reached = RefreshResidual();
            if (!(reached <= LeastGain * before))
                break;
        }
        return new LinearSolution(_x, iterations, reached, Verdict(reached, tolerance, iterations, maxIterations, cancellation));
    }

    private int Iterate(double tolerance, int most, CancellationToken cancellation)
    {
        Precondition();
        _preconditioned.Span.CopyTo(_direction.Span);
        for (int i = 0; i < _rho.Length; i++)
            _rho[i] = TensorPrimitives.Dot<double>(_residual.Row(i), _preconditioned.Row(i));
        int iteration = 0;
        while (iteration < most && !cancellation.IsCancellationRequested && Largest() > tolerance)
        {
            Step();
            iteration++;
        }
        return iteration;
    }

    private void Step()
    {
        (_approximation ?? _operator).Apply(_direction.AsMatrix(), _product.AsMatrix());
        _applications += _rho.Length;
        for (int i = 0; i < _rho.Length; i++)
        {
            double curvature = TensorPrimitives.Dot<double>(_direction.Row(i), _product.Row(i));
            double length = _rho[i] > 0.0 ? _rho[i] / curvature : 0.0;
            TensorPrimitives.MultiplyAdd(_direction.Row(i), length, _x.Row(i), _x.Row(i));
            TensorPrimitives.MultiplyAdd(_product.Row(i), -length, _residual.Row(i), _residual.Row(i));
        }
        Precondition();
        for (int i = 0; i < _rho.Length; i++)
        {
            double rho = TensorPrimitives.Dot<double>(_residual.Row(i), _preconditioned.Row(i));
            TensorPrimitives.MultiplyAdd(_direction.Row(i), _rho[i] > 0.0 ? rho / _rho[i] : 0.0, _preconditioned.Row(i), _direction.Row(i));
            _rho[i] = rho;
        }
    }

    private void Precondition()
    {
        if (_preconditioner is null)
            _residual.Span.CopyTo(_preconditioned.Span);
        else
            _preconditioner.Apply(_residual.AsMatrix(), _preconditioned.AsMatrix());
    }

    private double RefreshResidual()
    {
        _operator.Apply(_x.AsMatrix(), _product.AsMatrix());
        _applications += _rho.Length;
        TensorPrimitives.Subtract(_rhs.Span, _product.Span, _residual.Span);
        return Largest();
    }

    // The largest relative residual; NaN as soon as there is one.
    private double Largest()
    {
        double largest = 0.0;
        for (int i = 0; i < _norms.Length; i++)
        {
            double relative = _norms[i] > 0.0 ? Norm(_residual.Row(i)) / _norms[i] : 0.0;
            if (double.IsNaN(relative))
                return relative;
            largest = Math.Max(largest, relative);
        }
        return largest;
    }

    private Convergence Verdict(double reached, double tolerance, int iterations, int maxIterations, CancellationToken cancellation)
    {
        (ConvergenceStatus status, string message) =
            reached <= tolerance ? (ConvergenceStatus.Converged, $"all residuals are within {tolerance:g3} after {iterations} iterations")
            : !double.IsFinite(reached) ? (ConvergenceStatus.NonFinite, "a product was not finite")
            : cancellation.IsCancellationRequested ? (ConvergenceStatus.Interrupted, $"interrupted after {iterations} iterations, at a residual of {reached:g3}")
            : iterations >= maxIterations ? (ConvergenceStatus.BudgetExhausted, $"{iterations} iterations left a residual of {reached:g3}; allow more, or improve the preconditioner")
            : (ConvergenceStatus.BudgetExhausted, $"rounding allows no residual below {reached:g3} here ({iterations} iterations); ask for less, or make the matrix better conditioned");
        return new Convergence(status, _applications, tolerance, reached, message);
    }

    private static double Norm(ReadOnlySpan<double> row) => Math.Sqrt(TensorPrimitives.SumOfSquares(row));
}
