using System.Numerics;
using Eigenscope.Learning.Networks;
using static Eigenscope.Learning.Tests.Derivatives.ReferenceFunctions;

namespace Eigenscope.Learning.Tests.Derivatives;

/// <summary>
/// A textbook multilayer perceptron: one sample at a time, triple loops, complex arithmetic. Real inputs give the loss, the logits and the gradient by back-propagation as in any
/// textbook; an imaginary step of 1e-100 in the parameters gives their directional derivatives to rounding (Squire and Trapp 1998), with no difference quotient and no code of the library.
/// With table rows the inputs are parameters: a sample is the number of its row in a table that lies before the weights, rectified if asked for.
/// </summary>
internal sealed class ReferenceMlp(int[] widths, bool biases, Activation activation, bool crossEntropy, double offTarget, bool lastBias = false, int tableRows = 0, bool rectified = false)
{
    private readonly int _depth = widths.Length - 1;

    public int ParameterCount => Offset(_depth);

    public int Outputs => widths[^1];

    /// <summary>Column-by-column Hessian by the complex step on the reference gradient.</summary>
    public double[,] Hessian(double[] parameters, double[][] x, int[] y, double[] weights)
    {
        int p = parameters.Length;
        double[,] hessian = new double[p, p];
        for (int j = 0; j < p; j++)
        {
            (_, Complex[] gradient) = LossAndGradient(Perturb(parameters, j), x, y, weights);
            for (int i = 0; i < p; i++)
                hessian[i, j] = gradient[i].Imaginary / Step;
        }
        return hessian;
    }

    /// <summary>Jacobian of all logits, (samples · outputs) × parameters, by the complex step.</summary>
    public double[,] Jacobian(double[] parameters, double[][] x)
    {
        double[,] jacobian = new double[x.Length * Outputs, parameters.Length];
        for (int j = 0; j < parameters.Length; j++)
        {
            Complex[] perturbed = Perturb(parameters, j);
            for (int n = 0; n < x.Length; n++)
            {
                Complex[] logits = Forward(perturbed, x[n]).Logits;
                for (int k = 0; k < Outputs; k++)
                    jacobian[(n * Outputs) + k, j] = logits[k].Imaginary / Step;
            }
        }
        return jacobian;
    }

    /// <summary>Σ w_i J_iᵀ Λ_i J_i, written as sums.</summary>
    public double[,] GaussNewton(double[] parameters, double[][] x, double[] weights)
    {
        int p = parameters.Length;
        double[,] jacobian = Jacobian(parameters, x);
        double[,] result = new double[p, p];
        Complex[] real = ToComplex(parameters);
        for (int n = 0; n < x.Length; n++)
        {
            double[,] curvature = LossHessian(crossEntropy, Forward(real, x[n]).Logits);
            for (int a = 0; a < Outputs; a++)
            {
                for (int i = 0; i < p; i++)
                {
                    double factor = weights[n] * Enumerable.Range(0, Outputs).Sum(b => curvature[a, b] * jacobian[(n * Outputs) + b, i]);
                    for (int j = 0; j < p; j++)
                        result[i, j] += factor * jacobian[(n * Outputs) + a, j];
                }
            }
        }
        return result;
    }

    public (double Loss, double[] Gradient) Evaluate(double[] parameters, double[][] x, int[] y, double[] weights)
    {
        (Complex loss, Complex[] gradient) = LossAndGradient(ToComplex(parameters), x, y, weights);
        return (loss.Real, [.. gradient.Select(static value => value.Real)]);
    }

    private (Complex Loss, Complex[] Gradient) LossAndGradient(Complex[] parameters, double[][] x, int[] y, double[] weights)
    {
        Complex loss = 0;
        Complex[] gradient = new Complex[parameters.Length];
        for (int n = 0; n < x.Length; n++)
        {
            (Complex[][] inputs, Complex[][] sums, Complex[] logits) = Forward(parameters, x[n]);
            (Complex sampleLoss, Complex[] delta) = Loss(crossEntropy, offTarget, logits, y[n]);
            loss += weights[n] * sampleLoss;
            for (int l = _depth - 1; l >= 0; l--)
            {
                int offset = Offset(l);
                Complex[] below = new Complex[widths[l]];
                for (int o = 0; o < widths[l + 1]; o++)
                {
                    for (int i = 0; i < widths[l]; i++)
                    {
                        gradient[offset + (o * widths[l]) + i] += weights[n] * delta[o] * inputs[l][i];
                        below[i] += delta[o] * parameters[offset + (o * widths[l]) + i];
                    }
                    if (HasBias(l))
                        gradient[offset + (widths[l] * widths[l + 1]) + o] += weights[n] * delta[o];
                }
                if (l > 0)
                    delta = [.. below.Select((value, i) => value * Slope(activation, sums[l - 1][i]))];
                else
                    AddToTable(gradient, [.. below.Select(value => weights[n] * value)], parameters, x[n]);
            }
        }
        return (loss, gradient);
    }

    private void AddToTable(Complex[] gradient, Complex[] below, Complex[] parameters, double[] x)
    {
        for (int i = 0; i < (tableRows > 0 ? widths[0] : 0); i++)
        {
            int entry = ((int)x[0] * widths[0]) + i;
            gradient[entry] += rectified && parameters[entry].Real <= 0 ? 0 : below[i];
        }
    }

    private Complex[] Input(Complex[] parameters, double[] x)
    {
        if (tableRows == 0)
            return [.. x.Select(static value => new Complex(value, 0))];
        return [.. Enumerable.Range((int)x[0] * widths[0], widths[0]).Select(entry => rectified && parameters[entry].Real <= 0 ? 0 : parameters[entry])];
    }

    private (Complex[][] Inputs, Complex[][] Sums, Complex[] Logits) Forward(Complex[] parameters, double[] x)
    {
        Complex[][] inputs = new Complex[_depth][];
        Complex[][] sums = new Complex[_depth][];
        Complex[] current = Input(parameters, x);
        for (int l = 0; l < _depth; l++)
        {
            inputs[l] = current;
            sums[l] = new Complex[widths[l + 1]];
            int offset = Offset(l);
            for (int o = 0; o < widths[l + 1]; o++)
            {
                Complex sum = HasBias(l) ? parameters[offset + (widths[l] * widths[l + 1]) + o] : 0;
                for (int i = 0; i < widths[l]; i++)
                    sum += parameters[offset + (o * widths[l]) + i] * current[i];
                sums[l][o] = sum;
            }
            current = l < _depth - 1 ? [.. sums[l].Select(z => Value(activation, z))] : sums[l];
        }
        return (inputs, sums, current);
    }

    private int Offset(int layer) => (tableRows * widths[0]) + Enumerable.Range(0, layer).Sum(l => (widths[l] * widths[l + 1]) + (HasBias(l) ? widths[l + 1] : 0));

    private bool HasBias(int layer) => biases || (lastBias && layer == _depth - 1);
}
