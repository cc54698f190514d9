using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Data;

/// <summary>Draws the synthetic data set of <see cref="GaussianOptions"/>.</summary>
public static class GaussianClasses
{
    /// <summary>The name by which the data set is known.</summary>
    public const string Name = "gaussian";

    /// <summary>Draws the class means, then the samples, class after class.</summary>
    /// <param name="options">Sizes and deviations.</param>
    /// <param name="random">The draw; its children "means" and "samples" are used, so that more samples leave the means as they are.</param>
    /// <returns>K · n samples of shape d, sorted by class.</returns>
    /// <exception cref="DataException">An option is out of range.</exception>
    public static Dataset Create(GaussianOptions options, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        options.Validate();
        double[] means = new double[options.Classes * options.Dimension];
        random.Split("means").FillNormal(means, options.MeanSpread);
        RandomStream noise = random.Split("samples");
        Tensor<double> inputs = new(options.Classes * options.PerClass, options.Dimension);
        int[] labels = new int[inputs.Rows];
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = i / options.PerClass;
            Span<double> sample = inputs.Row(i);
            noise.FillNormal(sample, options.Noise);
            System.Numerics.Tensors.TensorPrimitives.Add(sample, means.AsSpan(labels[i] * options.Dimension, options.Dimension), sample);
        }
        string source = FormattableString.Invariant(
            $"synthetic: {options.Classes} Gaussian classes of {options.PerClass}, means N(0, {options.MeanSpread}² I), noise N(0, {options.Noise}² I)");
        return new Dataset(Name, source, inputs, labels, options.Classes);
    }
}
