using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Training;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Learning.Tests.Training;

/// <summary>
/// A deep linear unconstrained feature model under MSE, and what is known of it in closed form: at a stationary point each of K modes sits at zero or at a root s of
/// (1 − p) s^(L−1) c = K λ, with c = √(λ/(n λ_H)) and p = s^(L+1) c. The larger root is the minimum, the smaller one the barrier before zero.
/// </summary>
internal sealed class LinearUfm
{
    private readonly int _classes;
    private readonly int _width;
    private readonly int _depth;
    private readonly double _decay;
    private readonly double _ratio;

    public LinearUfm(int classes, int perClass, int width, int depth, double decay, double featureDecay)
    {
        (_classes, _width, _depth, _decay) = (classes, width, depth, decay);
        _ratio = Math.Sqrt(decay / (perClass * featureDecay));
        int samples = classes * perClass;
        Network = Network.UnconstrainedFeatures(new UfmNetworkOptions { Samples = samples, Widths = [.. Enumerable.Repeat(width, depth), classes] });
        Labels = [.. Enumerable.Range(0, samples).Select(i => i / perClass)];
        Compute compute = new(BlasBackends.Load(BlasChoice.Auto).Backend, 2);
        Objective = Objective.Create(Network, FeatureTableLayer.Indices(samples), Labels, new MeanSquaredError(), compute, new ObjectiveOptions());
        Decay = WeightDecay.OnParameters(Network, Network.Blocks.ToDictionary(static block => block.Name, block => block.Name == "H1" ? featureDecay : decay, StringComparer.Ordinal));
        // (1 − p) s^(L−1) rises up to p = (L−1)/(2L) and falls beyond it.
        double turn = Math.Pow((depth - 1.0) / (2.0 * depth) / _ratio, 1.0 / (depth + 1));
        Root = Bisect(turn, Math.Pow(1.0 / _ratio, 1.0 / (depth + 1)));
        SmallerRoot = Bisect(0.0, turn);
    }

    public Network Network { get; }

    public int[] Labels { get; }

    public Objective Objective { get; }

    public WeightDecay Decay { get; }

    public double Root { get; }

    public double SmallerRoot { get; }

    public double[] Random(ulong seed) => Network.Initialize(new InitializationOptions(), new RandomStream(seed));

    /// <summary>Loss with <paramref name="rank"/> modes at the root s and the others at zero.</summary>
    public double LossOfRank(int rank, double root)
    {
        double gain = Math.Pow(root, _depth + 1) * _ratio;
        return (0.5 * (_classes - rank) / _classes) + (0.5 * rank / _classes * (1.0 - gain) * (1.0 - gain)) + (0.5 * (_depth + 1) * rank * _decay * root * root);
    }

    /// <summary>The stationary point itself, in the basis of unit vectors: every mode at <paramref name="root"/>.</summary>
    public double[] Stationary(double root)
    {
        double[] parameters = new double[Network.ParameterCount];
        for (int i = 0; i < Labels.Length; i++)
            parameters[(i * _width) + Labels[i]] = root * _ratio;
        foreach (ParameterBlock block in Network.Blocks.Skip(1))
        {
            for (int c = 0; c < _classes; c++)
                parameters[block.Offset + (c * _width) + c] = root;
        }
        return parameters;
    }

    private double Bisect(double low, double high)
    {
        double Stationarity(double s) => ((1.0 - (Math.Pow(s, _depth + 1) * _ratio)) * Math.Pow(s, _depth - 1) * _ratio) - (_classes * _decay);
        bool rising = Stationarity(low) < Stationarity(high);
        for (int i = 0; i < 200; i++)
        {
            double middle = 0.5 * (low + high);
            if ((Stationarity(middle) < 0.0) == rising)
                low = middle;
            else
                high = middle;
        }
        return 0.5 * (low + high);
    }
}
