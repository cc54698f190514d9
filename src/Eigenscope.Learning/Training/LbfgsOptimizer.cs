using System.Numerics.Tensors;
using Eigenscope.Learning.Derivatives;

namespace Eigenscope.Learning.Training;

/// <summary>
/// See <see cref="LbfgsOptions"/>. Written here rather than taken from a library because its memory has to travel in a checkpoint and resume to the same bits.
/// </summary>
internal sealed class LbfgsOptimizer : Optimizer
{
    private readonly LbfgsOptions _options;
    private readonly double[] _steps;
    private readonly double[] _changes;
    private readonly double[] _products;
    private readonly double[] _pairs = new double[2];
    private readonly double[] _gradient;
    private readonly double[] _direction;
    private readonly double[] _alpha;
    private readonly WolfeLineSearch _search;
    private readonly int _size;
    private LossValue? _known;

    public LbfgsOptimizer(LbfgsOptions options, int parameterCount)
    {
        if (options.History < 1)
            throw new ArgumentOutOfRangeException(nameof(options), options.History, "the history needs at least one pair");
        if (!(options.GradientTolerance >= 0.0))
            throw new ArgumentOutOfRangeException(nameof(options), options.GradientTolerance, "the gradient tolerance must not be negative");
        _options = options;
        _size = parameterCount;
        if ((long)options.History * parameterCount > Array.MaxLength)
            throw new ArgumentOutOfRangeException(nameof(options), options.History, $"{options.History} pairs of {parameterCount} parameters do not fit in memory; keep fewer");
        _steps = new double[options.History * parameterCount];
        _changes = new double[options.History * parameterCount];
        _products = new double[options.History];
        _alpha = new double[options.History];
        _gradient = new double[parameterCount];
        _direction = new double[parameterCount];
        _search = new WolfeLineSearch(parameterCount);
        State = new Dictionary<string, double[]>(StringComparer.Ordinal) { ["steps"] = _steps, ["changes"] = _changes, ["products"] = _products, ["pairs"] = _pairs };
    }

    public override IReadOnlyDictionary<string, double[]> State { get; }

    /// <summary>Norm of the objective's gradient at the point the last iteration ended at.</summary>
    public double GradientNorm => TensorPrimitives.Norm<double>(_gradient);

    /// <summary>Number of pairs held, and where the next one goes.</summary>
    private int Count => (int)_pairs[0];

    private int Next => (int)_pairs[1];

    /// <summary>One iteration. Returns the objective at the new point and whether iterating further can help.</summary>
    public (LossValue Value, bool Done) Iterate(TrainingProblem problem, Span<double> parameters)
    {
        // The line search left value and gradient of the point it accepted; a resumed run computes the same bits anew.
        LossValue start = _known ?? problem.Gradient(parameters, _gradient);
        _known = null;
        double norm = Math.Sqrt(TensorPrimitives.SumOfSquares<double>(_gradient));
        if (!double.IsFinite(norm))
            return (start with { Loss = double.NaN }, true);
        if (norm <= _options.GradientTolerance)
            return (start, true);
        TwoLoop();
        if (!(TensorPrimitives.Dot<double>(_direction, _gradient) < 0.0))
            Forget();
        double first = Count == 0 ? Math.Min(1.0, 1.0 / norm) : 1.0;
        if (_search.Run(problem, parameters, start.Loss, _gradient, _direction, first) is not { } found)
        {
            bool restarted = Count > 0;
            Forget();
            return (start, !restarted);
        }
        Remember(parameters, found);
        found.Parameters.CopyTo(parameters);
        found.Gradient.CopyTo(_gradient, 0);
        _known = found.Value;
        return (found.Value, false);
    }

    private void Forget()
    {
        _pairs[0] = 0;
        _pairs[1] = 0;
        TensorPrimitives.Negate<double>(_gradient, _direction);
    }

    private void Remember(ReadOnlySpan<double> parameters, WolfeLineSearch.Point found)
    {
        Span<double> step = Pair(_steps, Next);
        Span<double> change = Pair(_changes, Next);
        TensorPrimitives.Subtract(found.Parameters, parameters, step);
        TensorPrimitives.Subtract<double>(found.Gradient, _gradient, change);
        double product = TensorPrimitives.Dot<double>(step, change);
        // A pair without positive curvature (a kink, or rounding) would spoil the metric; the strong Wolfe conditions exclude it otherwise.
        if (!(product > 1e-14 * TensorPrimitives.SumOfSquares<double>(change)))
            return;
        _products[Next] = product;
        _pairs[0] = Math.Min(Count + 1, _options.History);
        _pairs[1] = (Next + 1) % _options.History;
    }

    private void TwoLoop()
    {
        TensorPrimitives.Negate<double>(_gradient, _direction);
        for (int age = 1; age <= Count; age++)
        {
            int i = Index(age);
            _alpha[i] = TensorPrimitives.Dot<double>(Pair(_steps, i), _direction) / _products[i];
            TensorPrimitives.MultiplyAdd<double>(Pair(_changes, i), -_alpha[i], _direction, _direction);
        }
        if (Count > 0)
        {
            int last = Index(1);
            TensorPrimitives.Multiply(_direction, _products[last] / TensorPrimitives.SumOfSquares<double>(Pair(_changes, last)), _direction);
        }
        for (int age = Count; age >= 1; age--)
        {
            int i = Index(age);
            double beta = TensorPrimitives.Dot<double>(Pair(_changes, i), _direction) / _products[i];
            TensorPrimitives.MultiplyAdd<double>(Pair(_steps, i), _alpha[i] - beta, _direction, _direction);
        }
    }

    private int Index(int age) => (Next - age + _options.History) % _options.History;

    private Span<double> Pair(double[] storage, int index) => storage.AsSpan(index * _size, _size);
}
