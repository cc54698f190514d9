using System.Numerics.Tensors;

namespace Eigenscope.Learning.Training;

/// <summary>See <see cref="SgdOptions"/>.</summary>
internal sealed class SgdOptimizer : StepOptimizer
{
    private readonly SgdOptions _options;
    private readonly double[] _velocity;

    public SgdOptimizer(SgdOptions options, int parameterCount)
    {
        RequirePositive(options.LearningRate, nameof(options.LearningRate));
        RequireShare(options.Momentum, nameof(options.Momentum));
        _options = options;
        _velocity = new double[parameterCount];
        State = new Dictionary<string, double[]>(StringComparer.Ordinal) { ["velocity"] = _velocity };
    }

    public override IReadOnlyDictionary<string, double[]> State { get; }

    public override void Step(Span<double> parameters, ReadOnlySpan<double> gradient, double factor)
    {
        TensorPrimitives.MultiplyAdd(_velocity, _options.Momentum, gradient, _velocity);
        TensorPrimitives.MultiplyAdd(_velocity, -_options.LearningRate * factor, parameters, parameters);
    }
}
