using System.Numerics.Tensors;
using Eigenscope.Numerics.Operators;

namespace Eigenscope.Learning.Training;

/// <summary>
/// Minimises the quadratic model gᵀs + ½ sᵀHs over ‖s‖ ≤ Δ by truncated conjugate gradients (Steihaug 1983; Toint 1981; Conn, Gould and Toint, Trust-Region Methods, Algorithm 7.5.1):
/// a direction of negative curvature, or an iterate that leaves the region, ends the search on its boundary.
/// </summary>
internal sealed class TrustRegionModel(TrainingProblem problem)
{
    // Curvature below this share of the largest met is rounding: along a symmetry of the objective the Hessian is singular.
    private const double Flat = 1e-12;
    private readonly double[] _step = new double[problem.ParameterCount];
    private readonly double[] _residual = new double[problem.ParameterCount];
    private readonly double[] _direction = new double[problem.ParameterCount];
    private readonly double[] _product = new double[problem.ParameterCount];

    /// <summary>The step found.</summary>
    public ReadOnlySpan<double> Step => _step;

    /// <summary>By how much the model falls along it, ≥ 0.</summary>
    public double Decrease { get; private set; }

    /// <summary>Whether the step ends on the boundary of the region.</summary>
    public bool OnBoundary { get; private set; }

    /// <summary>Hessian products that the last search took.</summary>
    public int Products { get; private set; }

    /// <summary>Searches until the model's gradient is at most <paramref name="tolerance"/>, or the products are used up.</summary>
    public void Minimize(LinearOperator hessian, ReadOnlySpan<double> gradient, double radius, double tolerance, int maxProducts, CancellationToken cancellation)
    {
        Start(gradient);
        double square = TensorPrimitives.SumOfSquares<double>(_residual);
        double largest = 0.0;
        int limit = (int)Math.Min(maxProducts, 2L * _step.Length);
        while (Math.Sqrt(square) > tolerance && Products < limit && !cancellation.IsCancellationRequested)
        {
            problem.MultiplyHessian(hessian, _direction, _product);
            Products++;
            double length = TensorPrimitives.SumOfSquares<double>(_direction);
            double curvature = TensorPrimitives.Dot<double>(_direction, _product) / length;
            largest = Math.Max(largest, Math.Abs(curvature));
            if (Products > 1 && Math.Abs(curvature) <= Flat * largest)
                break;
            double reach = DistanceToBoundary(length, radius);
            double stride = square / (curvature * length);
            OnBoundary = curvature <= 0.0 || stride >= reach;
            TensorPrimitives.MultiplyAdd<double>(_direction, OnBoundary ? reach : stride, _step, _step);
            TensorPrimitives.MultiplyAdd<double>(_product, OnBoundary ? reach : stride, _residual, _residual);
            if (OnBoundary)
                break;
            double next = TensorPrimitives.SumOfSquares<double>(_residual);
            TensorPrimitives.Multiply<double>(_direction, next / square, _direction);
            TensorPrimitives.Subtract<double>(_direction, _residual, _direction);
            square = next;
        }
        // The residual is g + Hs, so that gᵀs + ½ sᵀHs needs no further product.
        Decrease = -0.5 * (TensorPrimitives.Dot(gradient, _step) + TensorPrimitives.Dot<double>(_residual, _step));
    }

    private void Start(ReadOnlySpan<double> gradient)
    {
        Array.Clear(_step);
        gradient.CopyTo(_residual);
        TensorPrimitives.Negate(gradient, _direction);
        OnBoundary = false;
        Products = 0;
    }

    // The positive root τ of ‖s + τ d‖ = Δ, in the form that does not cancel.
    private double DistanceToBoundary(double directionSquare, double radius)
    {
        double along = TensorPrimitives.Dot<double>(_step, _direction);
        double left = Math.Max(0.0, (radius * radius) - TensorPrimitives.SumOfSquares<double>(_step));
        double root = Math.Sqrt((along * along) + (directionSquare * left));
        return along > 0.0 ? left / (along + root) : (root - along) / directionSquare;
    }
}
