using System.Numerics.Tensors;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Numerics.Operators;

namespace Eigenscope.Learning.Training;

/// <summary>
/// Newton's method in a trust region with exact Hessian products (Conn, Gould and Toint, Trust-Region Methods, 2000, Algorithm 6.1.1). Where the objective no longer resolves a step, the
/// gradient norm judges it (section 17.4.2 there).
/// </summary>
internal sealed class TrustRegionNewton
{
    private const double Accept = 1e-3;
    private const double Poor = 0.25;
    private const double Good = 0.75;
    private const double Resolution = 100.0 * Precision;
    private const double Precision = 2.220446049250313e-16;
    // A finer solve would follow the rounding errors of the gradient into the directions in which the Hessian is singular.
    private const double FinestForcing = 1e-4;
    private const int PolishingSteps = 2;
    private const double PolishingGain = 0.1;
    private readonly TrainingProblem _problem;
    private readonly SecondOrderOptions _options;
    private readonly double[] _parameters;
    private readonly double[] _gradient;
    private readonly double[] _trial;
    private readonly double[] _trialGradient;
    private readonly TrustRegionModel _model;
    private double _radius;

    public TrustRegionNewton(TrainingProblem problem, SecondOrderOptions options, double[] start)
    {
        _problem = problem;
        _options = options;
        _parameters = start;
        _gradient = new double[start.Length];
        _trial = new double[start.Length];
        _trialGradient = new double[start.Length];
        _model = new TrustRegionModel(problem);
        Loss = problem.Gradient(start, _gradient).Loss;
        GradientNorm = TensorPrimitives.Norm<double>(_gradient);
        _radius = Math.Max(0.1 * TensorPrimitives.Norm<double>(start), GradientNorm);
    }

    /// <summary>The objective at the best point.</summary>
    public double Loss { get; private set; }

    /// <summary>The norm of its gradient there.</summary>
    public double GradientNorm { get; private set; }

    /// <summary>Steps tried.</summary>
    public int Iterations { get; private set; }

    /// <summary>Hessian products done.</summary>
    public int Products { get; private set; }

    private bool IsBudgetUsed => Iterations >= _options.NewtonIterations || Products >= _options.MaxProducts;

    /// <summary>Moves the starting point, in place, to where the search ends.</summary>
    public MinimizationStatus Run(Action onIteration, CancellationToken cancellation)
    {
        while (GradientNorm > _options.GradientTolerance)
        {
            using Linearization point = _problem.Linearize(_parameters);
            if (Advance(point.Hessian(), onIteration, cancellation) is { } end)
                return end;
        }
        Polish(onIteration, cancellation);
        return MinimizationStatus.Converged;
    }

    // Shrinks the region until a step is accepted; says why when none is.
    private MinimizationStatus? Advance(LinearOperator hessian, Action onIteration, CancellationToken cancellation)
    {
        double smallest = Precision * TensorPrimitives.Norm<double>(_parameters);
        while (_radius > smallest)
        {
            if (IsBudgetUsed)
                return MinimizationStatus.BudgetExhausted;
            Try(hessian, Math.Min(0.1, Math.Sqrt(GradientNorm)), out LossValue value, out double norm, cancellation);
            if (cancellation.IsCancellationRequested)
                return MinimizationStatus.Interrupted;
            double? ratio = Ratio(value.Loss, norm);
            bool accepted = ratio >= Accept;
            Resize(ratio ?? 0.0);
            if (accepted)
                Move(value.Loss, norm);
            onIteration();
            if (accepted)
                return null;
            if (ratio is null)
                break;
        }
        return MinimizationStatus.Stalled;
    }

    // Newton converges quadratically, so a step or two more take the parameters from the tolerance to rounding.
    private void Polish(Action onIteration, CancellationToken cancellation)
    {
        for (int step = 0; step < PolishingSteps && GradientNorm > 0.0 && !IsBudgetUsed; step++)
        {
            using Linearization point = _problem.Linearize(_parameters);
            Try(point.Hessian(), FinestForcing, out LossValue value, out double norm, cancellation);
            if (cancellation.IsCancellationRequested || _model.OnBoundary || !(norm <= PolishingGain * GradientNorm))
                return;
            Move(value.Loss, norm);
            onIteration();
        }
    }

    private void Try(LinearOperator hessian, double forcing, out LossValue value, out double norm, CancellationToken cancellation)
    {
        double tolerance = Math.Max(forcing, FinestForcing) * GradientNorm;
        _model.Minimize(hessian, _gradient, _radius, tolerance, _options.MaxProducts - Products, cancellation);
        Iterations++;
        Products += _model.Products;
        TensorPrimitives.Add(_parameters, _model.Step, _trial);
        value = _problem.Gradient(_trial, _trialGradient);
        norm = TensorPrimitives.Norm<double>(_trialGradient);
    }

    // Actual over predicted decrease; null when both drown in rounding and the gradient does not fall either: nothing is left to gain.
    private double? Ratio(double trialLoss, double trialNorm)
    {
        if (!double.IsFinite(trialLoss) || !double.IsFinite(trialNorm))
            return 0.0;
        double noise = Resolution * Math.Max(Math.Abs(Loss), Math.Abs(trialLoss));
        double actual = Loss - trialLoss;
        if (Math.Abs(actual) <= noise && _model.Decrease <= noise)
            return trialNorm < GradientNorm ? 1.0 : null;
        return (actual + noise) / (_model.Decrease + noise);
    }

    private void Resize(double ratio)
    {
        if (ratio < Poor)
            _radius = 0.25 * Math.Min(_radius, TensorPrimitives.Norm(_model.Step));
        else if (ratio > Good && _model.OnBoundary)
            _radius *= 2.0;
    }

    private void Move(double loss, double norm)
    {
        _trial.CopyTo(_parameters, 0);
        _trialGradient.CopyTo(_gradient, 0);
        Loss = loss;
        GradientNorm = norm;
    }
}
