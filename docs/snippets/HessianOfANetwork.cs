using Eigenscope.Learning.Data;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Solvers;

namespace Eigenscope.Snippets;

public static class HessianOfANetwork
{
    public static EigenPairs Run(TextWriter output)
    {
        #region hessian
        Compute compute = new(BlasBackends.Load(BlasChoice.Auto).Backend, threads: 2);
        RandomStream random = new(seed: 0);

        Dataset digits = EmbeddedDigits.Load();
        Network network = Network.Mlp(new MlpOptions { Widths = [64, 16, 10] });
        double[] parameters = network.Initialize(new InitializationOptions(), random.Split("weights"));

        Objective objective = Objective.Create(network, digits.Inputs, digits.Labels, new CrossEntropy(), compute, new ObjectiveOptions());
        using Linearization point = objective.Linearize(parameters);
        EigenPairs pairs = SymmetricEigensolver.Solve(point.Hessian(), new EigenOptions { Top = 10 }, compute, random.Split("eigen"));

        output.WriteLine($"{pairs.Convergence.Status}: {pairs.Convergence.Message}");
        foreach ((double value, double residual) in pairs.Values.Zip(pairs.Residuals).Take(10))
            output.WriteLine($"{value:g6} ± {residual * pairs.Values[0]:g1}");
        #endregion
        return pairs;
    }
}
