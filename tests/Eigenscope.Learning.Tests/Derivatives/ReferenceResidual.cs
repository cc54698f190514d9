using System.Numerics;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Learning.Tests.Derivatives;

/// <summary>
/// A textbook residual network with two joins, one of them over a projection, under cross-entropy: back-propagation by hand for one sample at a time in complex arithmetic, whose imaginary step gives second
/// derivatives to rounding. h = σ₁(A x), g = σ₂(h + B h), q = C g + S x, z = D σ₃(q), every map with a bias.
/// </summary>
internal sealed class ReferenceResidual
{
    private const double Step = 1e-100;
    private const int Inputs = 4;
    private const int Width = 5;
    private const int Outputs = 3;
    private readonly bool[] _smooth;

    public ReferenceResidual(bool[] smooth)
    {
        _smooth = smooth;
        Network = NetworkBuilder.Build(builder =>
        {
            int a = builder.Activation(builder.Dense(NetworkBuilder.Input, "a", Inputs, Width, biased: true), "a", Width, Kind(0));
            int b = builder.Dense(a, "b", Width, Width, biased: true);
            int g = builder.Activation(builder.Sum("join1", a, b), "join1", Width, Kind(1));
            int c = builder.Dense(g, "c", Width, Width, biased: true);
            int s = builder.Dense(NetworkBuilder.Input, "s", Inputs, Width, biased: true);
            int q = builder.Activation(builder.Sum("join2", s, c), "join2", Width, Kind(2));
            builder.Dense(q, "d", Width, Outputs, biased: true);
        });
    }

    public Network Network { get; }

    public double[,] Hessian(double[] parameters, double[][] x, int[] y, double[] weights)
    {
        double[,] hessian = new double[parameters.Length, parameters.Length];
        for (int j = 0; j < parameters.Length; j++)
        {
            Complex[] gradient = Gradient(Perturb(parameters, j), x, y, weights);
            for (int i = 0; i < parameters.Length; i++)
                hessian[i, j] = gradient[i].Imaginary / Step;
        }
        return hessian;
    }

    public double[,] Jacobian(double[] parameters, double[][] x)
    {
        double[,] jacobian = new double[x.Length * Outputs, parameters.Length];
        for (int j = 0; j < parameters.Length; j++)
        {
            Complex[] perturbed = Perturb(parameters, j);
            for (int n = 0; n < x.Length; n++)
            {
                Complex[] z = Forward(perturbed, x[n]).Z;
                for (int k = 0; k < Outputs; k++)
                    jacobian[(n * Outputs) + k, j] = z[k].Imaginary / Step;
            }
        }
        return jacobian;
    }

    public double[,] GaussNewton(double[] parameters, double[][] x, double[] weights)
    {
        double[,] jacobian = Jacobian(parameters, x);
        double[,] result = new double[parameters.Length, parameters.Length];
        for (int n = 0; n < x.Length; n++)
        {
            double[] p = [.. Softmax(Forward(Perturb(parameters, -1), x[n]).Z).Select(static value => value.Real)];
            for (int k = 0; k < Outputs; k++)
            {
                for (int l = 0; l < Outputs; l++)
                {
                    double factor = weights[n] * ((k == l ? p[k] : 0.0) - (p[k] * p[l]));
                    for (int i = 0; i < parameters.Length; i++)
                    {
                        for (int j = 0; j < parameters.Length; j++)
                            result[i, j] += factor * jacobian[(n * Outputs) + k, i] * jacobian[(n * Outputs) + l, j];
                    }
                }
            }
        }
        return result;
    }

    public double[] Gradient(double[] parameters, double[][] x, int[] y, double[] weights) =>
        [.. Gradient(Perturb(parameters, -1), x, y, weights).Select(static value => value.Real)];

    private Complex[] Gradient(Complex[] parameters, double[][] x, int[] y, double[] weights)
    {
        Complex[] gradient = new Complex[parameters.Length];
        for (int n = 0; n < x.Length; n++)
        {
            State at = Forward(parameters, x[n]);
            Complex[] dz = [.. Softmax(at.Z).Select((p, k) => weights[n] * (p - (k == y[n] ? 1.0 : 0.0)))];
            Complex[] dq = Times(Slopes(2, at.Q), Pull(parameters, gradient, "d", dz, at.K));
            Complex[] dr = Times(Slopes(1, at.R), Pull(parameters, gradient, "c", dq, at.G));
            Pull(parameters, gradient, "s", dq, at.X);
            Complex[] through = Pull(parameters, gradient, "b", dr, at.H);
            Pull(parameters, gradient, "a", Times(Slopes(0, at.U), [.. dr.Zip(through, static (skip, branch) => skip + branch)]), at.X);
        }
        return gradient;
    }

    private State Forward(Complex[] parameters, double[] sample)
    {
        Complex[] x = [.. sample.Select(static value => new Complex(value, 0))];
        Complex[] u = Map(parameters, "a", x);
        Complex[] h = Values(0, u);
        Complex[] r = [.. h.Zip(Map(parameters, "b", h), static (skip, branch) => skip + branch)];
        Complex[] g = Values(1, r);
        Complex[] q = [.. Map(parameters, "c", g).Zip(Map(parameters, "s", x), static (branch, skip) => branch + skip)];
        Complex[] k = Values(2, q);
        return new State(x, u, h, r, g, q, k, Map(parameters, "d", k));
    }

    private Complex[] Map(Complex[] parameters, string layer, Complex[] x)
    {
        (ParameterBlock weight, ParameterBlock bias) = Blocks(layer);
        return [.. Enumerable.Range(0, bias.Length).Select(o => parameters[bias.Offset + o] + Enumerable.Range(0, x.Length).Aggregate(Complex.Zero, (sum, i) => sum + (parameters[weight.Offset + (o * x.Length) + i] * x[i])))];
    }

    private Complex[] Pull(Complex[] parameters, Complex[] gradient, string layer, Complex[] delta, Complex[] x)
    {
        (ParameterBlock weight, ParameterBlock bias) = Blocks(layer);
        Complex[] below = new Complex[x.Length];
        for (int o = 0; o < delta.Length; o++)
        {
            gradient[bias.Offset + o] += delta[o];
            for (int i = 0; i < x.Length; i++)
            {
                gradient[weight.Offset + (o * x.Length) + i] += delta[o] * x[i];
                below[i] += delta[o] * parameters[weight.Offset + (o * x.Length) + i];
            }
        }
        return below;
    }

    private (ParameterBlock Weight, ParameterBlock Bias) Blocks(string layer) =>
        (Network.Blocks.Single(block => block.Name == $"{layer}.weight"), Network.Blocks.Single(block => block.Name == $"{layer}.bias"));

    private Activation Kind(int index) => _smooth[index] ? Activation.Tanh : Activation.Relu;

    private Complex[] Values(int index, Complex[] z) => [.. z.Select(value => _smooth[index] ? Complex.Tanh(value) : value.Real > 0 ? value : 0)];

    private Complex[] Slopes(int index, Complex[] z) => [.. z.Select(value => _smooth[index] ? 1.0 - (Complex.Tanh(value) * Complex.Tanh(value)) : value.Real > 0 ? 1 : 0)];

    private static Complex[] Times(Complex[] a, Complex[] b) => [.. a.Zip(b, static (x, y) => x * y)];

    private static Complex[] Softmax(Complex[] z)
    {
        Complex total = z.Aggregate(Complex.Zero, static (sum, value) => sum + Complex.Exp(value));
        return [.. z.Select(value => Complex.Exp(value) / total)];
    }

    private static Complex[] Perturb(double[] parameters, int index) => [.. parameters.Select((value, i) => new Complex(value, i == index ? Step : 0.0))];

    private sealed record State(Complex[] X, Complex[] U, Complex[] H, Complex[] R, Complex[] G, Complex[] Q, Complex[] K, Complex[] Z);
}
