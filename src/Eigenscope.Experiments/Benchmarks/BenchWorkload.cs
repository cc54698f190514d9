using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Benchmarks;

/// <summary>A model at random parameters on random samples with cross-entropy, and the products that are measured on it. Running statistics are those of the samples, so that values are as large as in use.</summary>
internal sealed class BenchWorkload
{
    private readonly Network _network;
    private readonly Tensor<double> _inputs;
    private readonly int[] _labels;
    private readonly int[] _samples;
    private readonly double[] _parameters;
    private readonly double[] _gradient;
    private readonly Precision _precision;
    private readonly Compute _compute;
    private readonly RandomStream _random;
    private readonly Objective _objective;
    private Linearization? _linearization;

    public BenchWorkload(BenchModel model, Precision precision, Compute compute, RandomStream random)
    {
        _network = model.Network;
        _inputs = new Tensor<double>(model.Samples, _network.InputSize);
        random.Split("inputs").FillNormal(_inputs.Span);
        _labels = [.. Enumerable.Range(0, model.Samples).Select(i => i % _network.OutputSize)];
        _samples = [.. Enumerable.Range(0, model.Samples)];
        _parameters = _network.Initialize(new InitializationOptions { Scale = Math.Sqrt(2.0) }, random.Split("parameters"));
        _gradient = new double[_network.ParameterCount];
        _precision = precision;
        _compute = compute;
        _random = random;
        _objective = CreateObjective();
        if (model.Normalises)
            SetStatistics();
    }

    /// <summary>Number of parameters.</summary>
    public int ParameterCount => _network.ParameterCount;

    /// <summary>Computes the gradient once.</summary>
    public void Gradient() => _objective.Gradient(_parameters, _gradient);

    /// <summary>One run of a row: b products at once.</summary>
    public Action Prepare(BenchCase row)
    {
        switch (row.Operator)
        {
            case BenchCase.Gradient:
                return Gradient;
            case BenchCase.TrainingStep:
                return Training(_objective);
            case BenchCase.Linearize:
                return () => _objective.Linearize(_parameters).Dispose();
            default:
                _linearization ??= _objective.Linearize(_parameters);
                return Product(OperatorOf(_linearization, row), row.Block);
        }
    }

    /// <summary>One solve for the k largest eigenvalues of the Hessian.</summary>
    public Action PrepareSolve(EigenOptions options)
    {
        _linearization ??= _objective.Linearize(_parameters);
        LinearOperator hessian = _linearization.Hessian();
        return () => SymmetricEigensolver.Solve(hessian, options, _compute, _random.Split("solve"));
    }

    /// <summary>See <see cref="BenchRow.PeakBytes"/>.</summary>
    public long MeasureMemory(BenchCase row)
    {
        _linearization = null;
        switch (row.Operator)
        {
            case BenchCase.Gradient:
                return MemoryProbe.Measure(() => Repeating(CreateObjective()));
            case BenchCase.TrainingStep:
                return MemoryProbe.Measure(() => Training(CreateObjective()));
            case BenchCase.Linearize:
                return MemoryProbe.Measure(() => Holding(CreateObjective().Linearize(_parameters)));
        }
        (int columns, int rows) = ShapeOf(row);
        double[] vectors = Directions(row.Block, columns);
        double[] results = new double[row.Block * rows];
        return MemoryProbe.Measure(() =>
        {
            LinearOperator product = OperatorOf(CreateObjective().Linearize(_parameters), row);
            return () => product.Apply(new ReadOnlyMatrixSpan<double>(vectors, row.Block, columns), new MatrixSpan<double>(results, row.Block, rows));
        });
    }

    private static LinearOperator OperatorOf(Linearization linearization, BenchCase row) => row.Operator switch
    {
        BenchCase.Hessian => linearization.Hessian(),
        BenchCase.GaussNewton => linearization.GaussNewton(),
        BenchCase.EmpiricalFisher => linearization.EmpiricalFisher(),
        BenchCase.Jacobian => linearization.Jacobian(),
        _ => linearization.Hessian(row.Operator[BenchCase.LayerPrefix.Length..]),
    };

    private static Action Holding(Linearization linearization) => () => GC.KeepAlive(linearization);

    private Action Repeating(Objective objective) => () => objective.Gradient(_parameters, _gradient);

    private Action Training(Objective objective)
    {
        double[] state = [.. _parameters];
        return () => Train(objective, state);
    }

    private void Train(Objective objective, double[] state) =>
        objective.TrainingGradient(state, _samples, _gradient, new TrainingStep { Random = _random.Split("training"), Epoch = 0, Batch = 0 });

    // A step moves the statistics by a known share towards the batch's: from one step follow the batch's own.
    private void SetStatistics()
    {
        double[] before = [.. _parameters];
        Train(_objective, _parameters);
        for (int i = _network.ParameterCount; i < before.Length; i++)
            _parameters[i] = before[i] + ((_parameters[i] - before[i]) / BatchNormLayer.Momentum);
    }

    private (int Columns, int Rows) ShapeOf(BenchCase row)
    {
        if (!row.Operator.StartsWith(BenchCase.LayerPrefix, StringComparison.Ordinal))
            return (ParameterCount, row.Operator is BenchCase.Jacobian ? _labels.Length * _network.OutputSize : ParameterCount);
        string name = row.Operator[BenchCase.LayerPrefix.Length..];
        int length = _network.Blocks.First(block => string.Equals(block.Name, name, StringComparison.Ordinal)).Length;
        return (length, length);
    }

    private Action Product(LinearOperator product, int block)
    {
        double[] vectors = Directions(block, product.Columns);
        double[] results = new double[block * product.Rows];
        return () => product.Apply(new ReadOnlyMatrixSpan<double>(vectors, block, product.Columns), new MatrixSpan<double>(results, block, product.Rows));
    }

    private double[] Directions(int block, int dimension)
    {
        double[] vectors = new double[block * dimension];
        _random.Split("directions").FillNormal(vectors, 1.0 / Math.Sqrt(dimension));
        return vectors;
    }

    private Objective CreateObjective() => Objective.Create(_network, _inputs, _labels, new CrossEntropy(), _compute, new ObjectiveOptions { Precision = _precision });
}
