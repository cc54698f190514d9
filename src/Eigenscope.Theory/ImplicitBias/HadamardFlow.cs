using System.Numerics;

namespace Eigenscope.Theory.ImplicitBias;

/// <summary>
/// Gradient flow of the deep linear unconstrained feature model with cross-entropy and no decay, started with every factor diagonal between a Walsh–Hadamard matrix and orthonormal frames (arXiv 2605.23087): it stays so, and what is left of it are
/// K sizes s_i that all L weights share,
/// <c>ds_i/dt = s_i^{L−1} h_i (1 − p̂_i)/K</c>, with h_i the size of the features, p̂ the Walsh transform of softmax(z), <c>z(g) = (1/K) Σ_i h_i s_i^L χ_i(g)</c> the logit of class c ⊕ g for a sample of class c. With n samples a class each of them
/// moves n times slower, <c>n h_i² − s_i²</c> is conserved, and h_i = s_i for n = 1, where the right-hand side is <c>s_i^L (1 − p̂_i)/K</c>.
/// <para>At a loss of 1e-8 the flow is some 10⁸ times slower than at its start. So it is integrated over the arc length of the sizes, on which they move at unit speed; time is one more unknown, <c>dt/dσ = 1/|ds/dt|</c>, in
/// the form log(1 + t). The first mode, of the constant vector, does not move.</para>
/// </summary>
public sealed class HadamardFlow
{
    private const int MaxSteps = 1_000_000;
    private const double LeastLoss = 1e-100;
    private readonly HadamardFlowOptions _options;
    private readonly double[] _start;
    private readonly int _classes;

    private HadamardFlow(ReadOnlySpan<double> sizes, HadamardFlowOptions options)
    {
        _options = options;
        _start = sizes.ToArray();
        _classes = sizes.Length;
    }

    /// <summary>Follows the flow until the loss or the time asked for.</summary>
    /// <param name="sizes">s_i(0) &gt; 0, K = 2^m of them, K ≥ 2, that of the constant vector first; the features' are the same.</param>
    /// <param name="options">Depth, samples of a class, where to stop.</param>
    /// <returns>The end.</returns>
    /// <exception cref="ArgumentNullException">No options.</exception>
    /// <exception cref="ArgumentException">The number of sizes is no power of two, or a size is not positive and finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="ArithmeticException">The tolerance is too small to integrate to, or a million steps did not suffice.</exception>
    public static HadamardFlowEnd Follow(ReadOnlySpan<double> sizes, HadamardFlowOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Require(sizes, options);
        return new HadamardFlow(sizes, options).Follow();
    }

    private static void Require(ReadOnlySpan<double> sizes, HadamardFlowOptions options)
    {
        if (sizes.Length < 2 || !BitOperations.IsPow2(sizes.Length))
            throw new ArgumentException($"expected a power of two of sizes, at least 2, got {sizes.Length}", nameof(sizes));
        foreach (double size in sizes)
        {
            if (!(size > 0 && double.IsFinite(size)))
                throw new ArgumentException($"every size must be positive and finite, got {size}", nameof(sizes));
        }
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Depth, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.PerClass, 1, nameof(options));
        if (!(options.StopLoss >= LeastLoss))
            throw new ArgumentOutOfRangeException(nameof(options), options.StopLoss, "The loss to stop at must be at least 1e-100: 0 is never reached, and far below, squared speeds underflow.");
        if (!(options.StopTime >= 0))
            throw new ArgumentOutOfRangeException(nameof(options), options.StopTime, "The time to stop at must not be negative.");
        if (!(options.Tolerance is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(options), options.Tolerance, "The tolerance must be in (0, 1).");
    }

    private HadamardFlowEnd Follow()
    {
        DormandPrince integrator = new(Slope, _options.Tolerance);
        double[] state = [.. _start, 0.0];
        int steps = 0;
        while (Remaining(state) > 0)
        {
            if (steps == MaxSteps)
                throw new ArithmeticException("A million steps did not reach the loss or the time asked for: give a larger tolerance.");
            (double[] next, double step) = integrator.Advance(state);
            state = Remaining(next) > 0 ? next : Land(integrator, state, step);
            steps++;
        }
        return Describe(state, steps, integrator.ErrorEstimate);
    }

    // The shorter step after which the loss, or the time, is what was asked for.
    private double[] Land(DormandPrince integrator, double[] state, double step)
    {
        double low = 0;
        double high = step;
        while (true)
        {
            double middle = low + (0.5 * (high - low));
            if (middle <= low || middle >= high)
                return integrator.Take(state, high);
            if (Remaining(integrator.Take(state, middle)) > 0)
                low = middle;
            else
                high = middle;
        }
    }

    // Positive until an end is reached.
    private double Remaining(double[] state) => Math.Min(Math.Log(Loss(state) / _options.StopLoss), ScaledTime(_options.StopTime) - state[_classes]);

    private static double ScaledTime(double time) => Math.Log(1 + time);

    private void Slope(double[] state, double[] destination)
    {
        double[] missing = Missing(state);
        double squared = 0;
        for (int i = 1; i < _classes; i++)
        {
            destination[i] = Math.Pow(state[i], _options.Depth - 1) * FeatureSize(state, i) * missing[i] / _classes;
            squared += destination[i] * destination[i];
        }
        double speed = Math.Sqrt(squared);
        for (int i = 1; i < _classes; i++)
            destination[i] /= speed;
        destination[0] = 0;
        destination[_classes] = Math.Exp(-state[_classes]) / speed;
    }

    private double FeatureSize(double[] state, int i) =>
        _options.PerClass == 1 ? state[i] : Math.Sqrt(((state[i] * state[i]) + ((_options.PerClass - 1) * _start[i] * _start[i])) / _options.PerClass);

    private double Gain(double[] state, int i) => FeatureSize(state, i) * Math.Pow(state[i], _options.Depth);

    // 1 − p̂_i, from the probabilities of the other classes alone: near the end 1 would swallow them.
    private double[] Missing(double[] state)
    {
        double[] odds = Odds(state);
        double others = odds.Sum();
        double[] transform = [.. odds.Select(odd => odd / (1 + others))];
        double wrong = transform.Sum();
        Transform(transform);
        return [.. transform.Select(value => wrong - value)];
    }

    private double Loss(double[] state)
    {
        double others = Odds(state).Sum();
        double shifted = 1 + others;
        return shifted == 1 ? others : Math.Log(shifted) * (others / (shifted - 1));
    }

    // exp(z(g) − z(0)), but 0 for g = 0.
    private double[] Odds(double[] state)
    {
        double[] logits = [.. Enumerable.Range(0, _classes).Select(i => Gain(state, i) / _classes)];
        Transform(logits);
        double own = logits[0];
        return [.. logits.Select((logit, g) => g == 0 ? 0.0 : Math.Exp(logit - own))];
    }

    // Σ_i values_i χ_i(g), in place.
    private static void Transform(double[] values)
    {
        for (int half = 1; half < values.Length; half *= 2)
        {
            for (int i = 0; i < values.Length; i++)
            {
                if ((i & half) == 0)
                    (values[i], values[i + half]) = (values[i] + values[i + half], values[i] - values[i + half]);
            }
        }
    }

    private HadamardFlowEnd Describe(double[] state, int steps, double error)
    {
        double[] gains = [.. Enumerable.Range(0, _classes).Select(i => Gain(state, i))];
        double sum = gains.Skip(1).Sum();
        return new HadamardFlowEnd
        {
            Time = Math.Exp(state[_classes]) - 1,
            Loss = Loss(state),
            Sizes = state[.._classes],
            LogitSingularValues = gains,
            EffectiveRank = Math.Exp(-gains.Skip(1).Sum(gain => gain / sum * Math.Log(gain / sum))),
            Steps = steps,
            ErrorEstimate = error,
        };
    }
}
