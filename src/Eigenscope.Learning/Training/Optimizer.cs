namespace Eigenscope.Learning.Training;

/// <summary>An optimiser with its memory. Its state is a set of named arrays, so that a checkpoint can carry it and go on to the same bits.</summary>
internal abstract class Optimizer
{
    /// <summary>The arrays that make up the memory, by name; the trainer copies them out and in.</summary>
    public abstract IReadOnlyDictionary<string, double[]> State { get; }

    public static Optimizer Create(OptimizerOptions options, int parameterCount) => options switch
    {
        SgdOptions sgd => new SgdOptimizer(sgd, parameterCount),
        AdamOptions adam => new AdamOptimizer(adam, parameterCount),
        LbfgsOptions lbfgs => new LbfgsOptimizer(lbfgs, parameterCount),
        _ => throw new ArgumentException($"unknown optimiser {options.GetType().Name}", nameof(options)),
    };

    /// <summary>Takes over a saved memory.</summary>
    public void Restore(IReadOnlyDictionary<string, double[]> saved)
    {
        foreach ((string name, double[] array) in State)
        {
            if (!saved.TryGetValue(name, out double[]? source) || source.Length != array.Length)
                throw new ArgumentException($"the saved optimiser state lacks '{name}' with {array.Length} entries: it belongs to another optimiser or network", nameof(saved));
            source.CopyTo(array, 0);
        }
    }

    protected static void RequirePositive(double value, string name)
    {
        if (!(value > 0.0) || !double.IsFinite(value))
            throw new ArgumentOutOfRangeException(name, value, "expected a positive finite number");
    }

    protected static void RequireShare(double value, string name)
    {
        if (value is not (>= 0.0 and < 1.0))
            throw new ArgumentOutOfRangeException(name, value, "expected a number in [0, 1)");
    }
}

/// <summary>An optimiser that turns one gradient into one step.</summary>
internal abstract class StepOptimizer : Optimizer
{
    /// <summary>θ ← θ + step, from the gradient at θ and the schedule's factor.</summary>
    public abstract void Step(Span<double> parameters, ReadOnlySpan<double> gradient, double factor);
}
