using System.Numerics.Tensors;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Training;

/// <summary>
/// L2 regularisation ½ Σ_b λ_b ‖θ_b‖² over named parameter blocks: a term of the objective (under Adam too, so not "decoupled"), with its own λ for each block.
/// </summary>
public sealed class WeightDecay
{
    private readonly Network _network;
    private readonly double[] _coefficients;

    private WeightDecay(Network network, double[] coefficients)
    {
        _network = network;
        _coefficients = coefficients;
    }

    /// <summary>The network whose parameters it decays.</summary>
    public Network Network => _network;

    /// <summary>Whether any block is decayed.</summary>
    public bool IsZero => !_coefficients.AsSpan().ContainsAnyExcept(0.0);

    /// <summary>The same λ on every weight, and on the features where they are parameters; biases are not decayed.</summary>
    /// <param name="network">The network.</param>
    /// <param name="coefficient">λ ≥ 0, finite.</param>
    /// <returns>The decay.</returns>
    /// <exception cref="ArgumentOutOfRangeException">λ is negative or not finite.</exception>
    public static WeightDecay OnWeights(Network network, double coefficient)
    {
        ArgumentNullException.ThrowIfNull(network);
        RequireCoefficient(coefficient);
        return new WeightDecay(network, [.. network.Blocks.Select(block => block.IsBias ? 0.0 : coefficient)]);
    }

    /// <summary>One λ for each named group; blocks that are not named are not decayed.</summary>
    /// <param name="network">The network.</param>
    /// <param name="coefficients">Parameter name → λ ≥ 0.</param>
    /// <returns>The decay.</returns>
    /// <exception cref="ArgumentException">A name that the network does not have, or a λ that is negative or not finite.</exception>
    public static WeightDecay OnParameters(Network network, IReadOnlyDictionary<string, double> coefficients)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(coefficients);
        foreach ((string name, double coefficient) in coefficients)
        {
            network.LayerOf(name);
            RequireCoefficient(coefficient);
        }
        return new WeightDecay(network, [.. network.Blocks.Select(block => coefficients.GetValueOrDefault(block.Name))]);
    }

    /// <summary>λ of one parameter.</summary>
    /// <param name="block">A block of the network.</param>
    /// <returns>λ ≥ 0.</returns>
    public double Coefficient(ParameterBlock block)
    {
        for (int i = 0; i < _coefficients.Length; i++)
        {
            if (ReferenceEquals(_network.Blocks[i], block))
                return _coefficients[i];
        }
        throw new ArgumentException("the block is not one of this network's", nameof(block));
    }

    /// <summary>½ Σ_b λ_b ‖θ_b‖².</summary>
    /// <param name="parameters">p entries; statistics may follow them.</param>
    /// <returns>The penalty.</returns>
    public double Penalty(ReadOnlySpan<double> parameters)
    {
        RequireParameters(parameters.Length, nameof(parameters));
        double penalty = 0.0;
        for (int i = 0; i < _coefficients.Length; i++)
        {
            if (_coefficients[i] > 0.0)
                penalty += 0.5 * _coefficients[i] * TensorPrimitives.SumOfSquares(Slice(parameters, i));
        }
        return penalty;
    }

    /// <summary>Adds λ_b θ_b to each block of a gradient.</summary>
    /// <param name="parameters">p entries; statistics may follow them.</param>
    /// <param name="gradient">p entries, added to.</param>
    public void AddGradient(ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        RequireParameters(parameters.Length, nameof(parameters));
        if (gradient.Length != _network.ParameterCount)
            throw new ArgumentException($"expected {_network.ParameterCount} entries, one per parameter, got {gradient.Length}", nameof(gradient));
        for (int i = 0; i < _coefficients.Length; i++)
        {
            if (_coefficients[i] == 0.0)
                continue;
            Span<double> target = gradient.Slice(_network.Blocks[i].Offset, _network.Blocks[i].Length);
            TensorPrimitives.MultiplyAdd(Slice(parameters, i), _coefficients[i], target, target);
        }
    }

    private ReadOnlySpan<double> Slice(ReadOnlySpan<double> parameters, int block) =>
        parameters.Slice(_network.Blocks[block].Offset, _network.Blocks[block].Length);

    private void RequireParameters(int length, string name)
    {
        if (length != _network.ParameterCount && length != _network.StateLength)
            throw new ArgumentException($"expected {_network.ParameterCount} entries, one per parameter, got {length}", name);
    }

    private static void RequireCoefficient(double coefficient)
    {
        if (!(coefficient >= 0.0) || !double.IsFinite(coefficient))
            throw new ArgumentOutOfRangeException(nameof(coefficient), coefficient, "weight decay must be finite and not negative");
    }
}
