using Eigenscope.Learning.Derivatives;
using Eigenscope.Numerics.Operators;

namespace Eigenscope.Learning.Training;

/// <summary>What an optimiser minimises: data loss plus decay, over all samples or over a batch of them.</summary>
internal sealed class TrainingProblem(Objective objective, WeightDecay decay)
{
    public int ParameterCount => objective.Network.ParameterCount;

    /// <summary>Value and gradient of the whole objective; the value's loss includes the decay.</summary>
    public LossValue Gradient(ReadOnlySpan<double> parameters, Span<double> gradient) =>
        WithDecay(objective.Gradient(parameters, gradient), parameters, gradient);

    /// <summary>Length of the state: the parameters, then the statistics.</summary>
    public int StateLength => objective.Network.StateLength;

    /// <summary>Value and gradient of a step of training; statistics in the state move.</summary>
    public LossValue TrainingGradient(Span<double> state, ReadOnlySpan<int> samples, Span<double> gradient, TrainingStep step) =>
        WithDecay(objective.TrainingGradient(state, samples, gradient, step), state, gradient);

    public LossValue BatchGradient(ReadOnlySpan<double> parameters, ReadOnlySpan<int> samples, Span<double> gradient) =>
        WithDecay(objective.BatchGradient(parameters, samples, gradient), parameters, gradient);

    /// <summary>The data loss at a point, linearised; the decay enters in <see cref="MultiplyHessian"/>.</summary>
    public Linearization Linearize(ReadOnlySpan<double> parameters) => objective.Linearize(parameters);

    /// <summary>r ← (H + diag(λ)) v, H the Hessian of the data loss in all parameters.</summary>
    public void MultiplyHessian(LinearOperator hessian, ReadOnlySpan<double> v, Span<double> r)
    {
        hessian.Apply(v, r);
        decay.AddGradient(v, r);
    }

    private LossValue WithDecay(LossValue value, ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        if (decay.IsZero)
            return value;
        decay.AddGradient(parameters, gradient);
        return value with { Loss = value.Loss + decay.Penalty(parameters) };
    }
}
