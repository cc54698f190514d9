using Eigenscope.Learning.Data;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;
using Eigenscope.Theory.RecursiveFeatures;

namespace Eigenscope.Experiments.Tests.RecursiveFeatures;

/// <summary>The linear-kernel model of Deep RFM's mechanism on real samples; the expected numbers come from a plain Python program that
/// eliminates by Gauss instead of diagonalising; to four decimals they are .9211 .7834 .3878 .1480 .0744 .0383 .0210 .0135, the numbers of a second one.</summary>
public sealed class LinearKernelModelOnDigitsTests
{
    private const int Samples = 500;
    private const double LastDecimal = 1e-10;
    private static readonly Compute Compute = new(BlasBackends.Load(BlasBackends.Parse(Environment.GetEnvironmentVariable("EIGENSCOPE_BLAS"))).Backend, 2);

    [Fact]
    public void The_first_500_digits_approach_collapse_as_in_independent_code()
    {
        double[] expected = [.9211355016, .7834172511, .3877935670, .1480433687, .0743974553, .0382771197, .0210093379, .0135356623];
        Dataset digits = EmbeddedDigits.Load().Take(Samples);
        LinearKernelModel model = LinearKernelModel.Start(CentredGram(digits.Inputs), OneHot(digits), new LinearKernelOptions(), Compute);
        foreach (double distance in expected)
        {
            Assert.Equal(distance, model.Distance, LastDecimal);
            model = model.Next();
        }
    }

    /// <summary>Inner products about the mean of every coordinate; the model brings rows to unit norm.</summary>
    private static Tensor<double> CentredGram(Tensor<double> inputs)
    {
        double[] means = [.. Enumerable.Range(0, inputs.Columns).Select(j => Enumerable.Range(0, inputs.Rows).Average(i => inputs[i, j]))];
        Tensor<double> gram = new(inputs.Rows, inputs.Rows);
        for (int i = 0; i < inputs.Rows; i++)
            for (int j = 0; j < inputs.Rows; j++)
                for (int k = 0; k < means.Length; k++)
                    gram[i, j] += (inputs[i, k] - means[k]) * (inputs[j, k] - means[k]);
        return gram;
    }

    private static Tensor<double> OneHot(Dataset digits)
    {
        Tensor<double> targets = new(digits.SampleCount, digits.ClassCount);
        for (int i = 0; i < digits.SampleCount; i++)
            targets[i, digits.Labels[i]] = 1.0;
        return targets;
    }
}
