using Eigenscope.Learning.Features;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Kernels;

/// <summary>A recursive feature machine after t changes of its metric, while it is at hand: the next step lets go of it.</summary>
public sealed class RfmStep
{
    private readonly CancellationToken _cancellation;
    private AgopAccumulator? _agop;

    internal RfmStep(RfmIteration scores, KernelMachine machine, Tensor<double> trainOutputs, Tensor<double>? validationOutputs, CancellationToken cancellation) =>
        (Scores, Machine, TrainOutputs, ValidationOutputs, _cancellation) = (scores, machine, trainOutputs, validationOutputs, cancellation);

    /// <summary>How well it predicts.</summary>
    public RfmIteration Scores { get; }

    /// <summary>The machine.</summary>
    public KernelMachine Machine { get; }

    /// <summary>f at the training points, n × K.</summary>
    public Tensor<double> TrainOutputs { get; }

    /// <summary>f at the validation points, m × K; null without them.</summary>
    public Tensor<double>? ValidationOutputs { get; }

    /// <summary>The average gradient outer product at the training points; computed when first asked for.</summary>
    /// <returns>What was accumulated.</returns>
    /// <exception cref="OperationCanceledException">The fit was cancelled.</exception>
    public AgopAccumulator Agop() => _agop ??= Machine.Agop(_cancellation);
}
