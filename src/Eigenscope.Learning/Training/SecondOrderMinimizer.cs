using System.Numerics.Tensors;
using Eigenscope.Learning.Derivatives;

namespace Eigenscope.Learning.Training;

/// <summary>
/// Minimises an objective plus weight decay to rounding: L-BFGS while the gradient is large, then Newton steps in a trust region, each by truncated conjugate gradients on exact products with the
/// objective's Hessian (Steihaug 1983; Conn, Gould and Toint, Trust-Region Methods, 2000). Directions of negative curvature are followed, so saddles are left unless the gradient vanishes there
/// exactly; a singular Hessian (a symmetry of the objective) does no harm. After the tolerance is met up to two more Newton steps are taken, while each lowers the gradient norm tenfold.
/// With ReLU the Hessian is the one-sided one: the search ends, <see cref="MinimizationStatus.Stalled"/>, where a kink stops it.
/// </summary>
public sealed class SecondOrderMinimizer
{
    private readonly TrainingProblem _problem;
    private readonly SecondOrderOptions _options;

    /// <summary>Creates a minimiser.</summary>
    /// <param name="objective">The data loss.</param>
    /// <param name="decay">The regularisation.</param>
    /// <param name="options">Tolerances and budgets.</param>
    /// <exception cref="ArgumentException">The decay belongs to another network, or an option is out of range.</exception>
    public SecondOrderMinimizer(Objective objective, WeightDecay decay, SecondOrderOptions options)
    {
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(decay);
        ArgumentNullException.ThrowIfNull(options);
        if (!ReferenceEquals(decay.Network, objective.Network))
            throw new ArgumentException("the weight decay belongs to another network", nameof(decay));
        if (objective.Network.StateLength > objective.Network.ParameterCount)
            throw new ArgumentException($"the network keeps statistics along training ({objective.Network.Statistics[0].Name}, …), which a minimisation would leave as they started: train it by SGD or Adam", nameof(objective));
        options.Check();
        _problem = new TrainingProblem(objective, decay);
        _options = options;
    }

    /// <summary>Minimises.</summary>
    /// <param name="start">Where to start, one entry per parameter; not modified.</param>
    /// <param name="progress">Called after every iteration, or null.</param>
    /// <param name="cancellation">Checked between Hessian products.</param>
    /// <returns>How and where it ended.</returns>
    /// <exception cref="ArgumentException">The start has the wrong length.</exception>
    public MinimizationOutcome Run(double[] start, Action<MinimizationProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(start);
        if (start.Length != _problem.ParameterCount)
            throw new ArgumentException($"expected {_problem.ParameterCount} parameters, got {start.Length}", nameof(start));
        double[] parameters = [.. start];
        (MinimizationStatus? early, int iterations) = Descend(parameters, progress, cancellation);
        TrustRegionNewton newton = new(_problem, _options, parameters);
        void Report() => progress?.Invoke(new MinimizationProgress(iterations, newton.Iterations, newton.Products, newton.Loss, newton.GradientNorm, parameters));
        MinimizationStatus status = early ?? newton.Run(Report, cancellation);
        return new MinimizationOutcome
        {
            Status = status,
            Parameters = parameters,
            Loss = newton.Loss,
            GradientNorm = newton.GradientNorm,
            LbfgsIterations = iterations,
            NewtonIterations = newton.Iterations,
            Products = newton.Products,
        };
    }

    // Null when Newton is to go on from there.
    private (MinimizationStatus? End, int Iterations) Descend(double[] parameters, Action<MinimizationProgress>? progress, CancellationToken cancellation)
    {
        double[] gradient = new double[parameters.Length];
        double loss = _problem.Gradient(parameters, gradient).Loss;
        double norm = TensorPrimitives.Norm<double>(gradient);
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
            return (MinimizationStatus.Diverged, 0);
        LbfgsOptimizer optimizer = new(new LbfgsOptions { GradientTolerance = Math.Max(_options.GradientTolerance, _options.LbfgsTolerance * norm) }, parameters.Length);
        for (int iteration = 0; iteration < _options.LbfgsIterations; iteration++)
        {
            if (cancellation.IsCancellationRequested)
                return (MinimizationStatus.Interrupted, iteration);
            (LossValue value, bool done) = optimizer.Iterate(_problem, parameters);
            if (!double.IsFinite(value.Loss))
                return (MinimizationStatus.Diverged, iteration);
            if (done)
                return (null, iteration);
            progress?.Invoke(new MinimizationProgress(iteration + 1, 0, 0, value.Loss, optimizer.GradientNorm, parameters));
        }
        return (null, _options.LbfgsIterations);
    }
}
