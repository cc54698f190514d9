namespace Eigenscope.Learning.Training;

/// <summary>See <see cref="AdamOptions"/>.</summary>
internal sealed class AdamOptimizer : StepOptimizer
{
    private readonly AdamOptions _options;
    private readonly double[] _mean;
    private readonly double[] _square;
    private readonly double[] _steps = new double[1];

    public AdamOptimizer(AdamOptions options, int parameterCount)
    {
        RequirePositive(options.LearningRate, nameof(options.LearningRate));
        RequirePositive(options.Epsilon, nameof(options.Epsilon));
        RequireShare(options.Beta1, nameof(options.Beta1));
        RequireShare(options.Beta2, nameof(options.Beta2));
        _options = options;
        _mean = new double[parameterCount];
        _square = new double[parameterCount];
        State = new Dictionary<string, double[]>(StringComparer.Ordinal) { ["mean"] = _mean, ["square"] = _square, ["steps"] = _steps };
    }

    public override IReadOnlyDictionary<string, double[]> State { get; }

    public override void Step(Span<double> parameters, ReadOnlySpan<double> gradient, double factor)
    {
        _steps[0]++;
        double meanCorrection = 1.0 - Math.Pow(_options.Beta1, _steps[0]);
        double squareCorrection = 1.0 / Math.Sqrt(1.0 - Math.Pow(_options.Beta2, _steps[0]));
        double rate = factor * _options.LearningRate / meanCorrection;
        for (int i = 0; i < parameters.Length; i++)
        {
            double g = gradient[i];
            _mean[i] += (1.0 - _options.Beta1) * (g - _mean[i]);
            _square[i] += (1.0 - _options.Beta2) * ((g * g) - _square[i]);
            parameters[i] -= rate * _mean[i] / ((Math.Sqrt(_square[i]) * squareCorrection) + _options.Epsilon);
        }
    }
}
