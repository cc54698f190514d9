using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Operators;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Experiments.Benchmarks;

/// <summary>A model at random parameters on random samples with cross-entropy, and the products that are measured on it.</summary>
internal sealed class BenchWorkload
{
    private readonly Network _network;
    private readonly Tensor<double> _inputs;
    private readonly int[] _labels;
    private readonly double[] _parameters;
    private readonly double[] _gradient;
    private readonly Precision _precision;
    private readonly Compute _compute;
    private readonly RandomStream _random;
    private readonly Objective _objective;
    private Linearization? _linearization;

    public BenchWorkload(BenchModel model, Precision precision, Compute compute, RandomStream random)
    {
        _network = model.CreateNetwork();
        _inputs = new Tensor<double>(model.Samples, model.Widths[0]);
        random.Split("inputs").FillNormal(_inputs.Span);
        _labels = [.. Enumerable.Range(0, model.Samples).Select(i => i % model.Widths[^1])];
        _parameters = _network.Initialize(new InitializationOptions { Scale = Math.Sqrt(2.0) }, random.Split("parameters"));
        _gradient = new double[_network.ParameterCount];
        _precision = precision;
        _compute = compute;
        _random = random;
        _objective = CreateObjective();
    }

    /// <summary>Number of parameters.</summary>
    public int ParameterCount => _network.ParameterCount;

    /// <summary>Computes the gradient once.</summary>
    public void Gradient() => _objective.Gradient(_parameters, _gradient);

    /// <summary>One run of a row: b products at once.</summary>
    public Action Prepare(BenchCase row)
    {
        if (row.Operator is BenchCase.Gradient)
            return Gradient;
        if (row.Operator is BenchCase.Linearize)
            return () => _objective.Linearize(_parameters).Dispose();
        _linearization ??= _objective.Linearize(_parameters);
        return Product(OperatorOf(_linearization, row), row.Block);
    }

    /// <summary>See <see cref="BenchRow.PeakBytes"/>.</summary>
    public long MeasureMemory(BenchCase row)
    {
        _linearization = null;
        if (row.Operator is BenchCase.Gradient)
            return MemoryProbe.Measure(() => Repeating(CreateObjective()));
        if (row.Operator is BenchCase.Linearize)
            return MemoryProbe.Measure(() => Holding(CreateObjective().Linearize(_parameters)));
        int dimension = row.Operator.StartsWith(BenchCase.LayerPrefix, StringComparison.Ordinal) ? BlockOf(row).Length : ParameterCount;
        double[] vectors = Directions(row.Block, dimension);
        double[] results = new double[vectors.Length];
        return MemoryProbe.Measure(() =>
        {
            LinearOperator product = OperatorOf(CreateObjective().Linearize(_parameters), row);
            return () => product.Apply(new ReadOnlyMatrixSpan<double>(vectors, row.Block, dimension), new MatrixSpan<double>(results, row.Block, dimension));
        });
    }

    private static LinearOperator OperatorOf(Linearization linearization, BenchCase row) => row.Operator switch
    {
        BenchCase.Hessian => linearization.Hessian(),
        BenchCase.GaussNewton => linearization.GaussNewton(),
        _ => linearization.Hessian(row.Operator[BenchCase.LayerPrefix.Length..]),
    };

    private Action Repeating(Objective objective) => () => objective.Gradient(_parameters, _gradient);

    private static Action Holding(Linearization linearization) => () => GC.KeepAlive(linearization);

    private ParameterBlock BlockOf(BenchCase row)
    {
        string name = row.Operator[BenchCase.LayerPrefix.Length..];
        return _network.Blocks.First(block => string.Equals(block.Name, name, StringComparison.Ordinal));
    }

    private Action Product(LinearOperator product, int block)
    {
        double[] vectors = Directions(block, product.Columns);
        double[] results = new double[vectors.Length];
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
