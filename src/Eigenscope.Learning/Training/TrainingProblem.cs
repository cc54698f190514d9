using Eigenscope.Learning.Derivatives;

namespace Eigenscope.Learning.Training;

/// <summary>What an optimiser minimises: data loss plus decay, over all samples or over a batch of them.</summary>
internal sealed class TrainingProblem(Objective objective, WeightDecay decay)
{
    public int ParameterCount => objective.Network.ParameterCount;

    /// <summary>Value and gradient of the whole objective; the value's loss includes the decay.</summary>
    public LossValue Gradient(ReadOnlySpan<double> parameters, Span<double> gradient) =>
        WithDecay(objective.Gradient(parameters, gradient), parameters, gradient);

    public LossValue BatchGradient(ReadOnlySpan<double> parameters, ReadOnlySpan<int> samples, Span<double> gradient) =>
        WithDecay(objective.BatchGradient(parameters, samples, gradient), parameters, gradient);

    private LossValue WithDecay(LossValue value, ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        if (decay.IsZero)
            return value;
        decay.AddGradient(parameters, gradient);
        return value with { Loss = value.Loss + decay.Penalty(parameters) };
    }
}
