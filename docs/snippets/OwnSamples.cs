using Eigenscope.Learning.Data;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Snippets;

#region own-source
/// <summary>Points on K noiseless arms of a spiral, made as they are asked for: sample i depends on i alone.</summary>
public sealed class Spirals(int samples, int arms) : SampleSource("spirals", samples, sampleSize: 2)
{
    protected override int ReadCore(int start, int count, Span<double> inputs, Span<int> labels)
    {
        for (int i = 0; i < count; i++)
        {
            int sample = start + i;
            double radius = (sample + 1.0) / SampleCount;
            double angle = (4.0 * radius) + (2.0 * Math.PI * (sample % arms) / arms);
            inputs[2 * i] = radius * Math.Cos(angle);
            inputs[(2 * i) + 1] = radius * Math.Sin(angle);
            labels[i] = sample % arms;
        }
        return count;
    }
}
#endregion

public static class OwnSamples
{
    public static double Run()
    {
        Compute compute = new(BlasBackends.Load(BlasChoice.Auto).Backend, threads: 2);
        Network network = Network.Mlp(new MlpOptions { Widths = [2, 16, 3], Activation = Activation.Tanh });
        double[] parameters = network.Initialize(new InitializationOptions(), new RandomStream(seed: 0));
        double[] direction = new double[network.ParameterCount];
        double[] product = new double[network.ParameterCount];
        direction[0] = 1.0;

        #region probe
        ObjectiveOptions options = new() { ActivationBudget = 16 << 20 };
        Objective objective = Objective.Create(network, new Spirals(50_000, arms: 3), new CrossEntropy(), compute, options);
        DeterminismProbe.Require(objective, parameters);

        using Linearization point = objective.Linearize(parameters);
        point.Hessian().Apply(direction, product);
        #endregion
        return product[0];
    }
}
