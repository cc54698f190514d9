using Eigenscope.Analysis.Collapse;
using Eigenscope.Analysis.Tests.Support;
using Eigenscope.Numerics.Randomness;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Tests.Collapse;

public sealed class ClassDualityTests
{
    private const double ReferenceUnits = 2e3;

    [Fact]
    public void Each_duality_agrees_with_the_definition_written_out()
    {
        Samples samples = Samples.Gaussian(21, 4, 6, 9);
        Tensor<double> weight = Random(22, 4, 6), preActivations = Random(23, 4, 4);
        ClassDuality duality = Measure(samples, new CollapseContext { Weight = weight, PreActivationMeans = preActivations, IsLastLayer = true });
        double[][] means = Textbook.ClassMeans(Textbook.Rows(samples.Features), samples.Labels, 4);
        double[][] rows = Textbook.Rows(weight);
        Near.Equal(Textbook.UnitDistance(rows, Textbook.Centred(means)), duality.SelfDuality, ReferenceUnits);
        Near.Equal(Textbook.UnitDistance(rows, means), duality.FrameDuality, ReferenceUnits);
        double[][] product = Textbook.Product(Textbook.Transpose(Textbook.Rows(preActivations)), means);
        Near.Equal(Textbook.UnitDistance(rows, product), duality.Alignment, ReferenceUnits);
    }

    [Fact]
    public void Class_means_of_the_pre_activation_are_those_of_the_mapped_samples()
    {
        Samples samples = Samples.Gaussian(24, 3, 5, 7);
        Tensor<double> weight = Random(25, 8, 5);
        double[] bias = Random(26, 1, 8).Span.ToArray();
        double[][] mapped = Textbook.Product(Textbook.Rows(samples.Features), Textbook.Transpose(Textbook.Rows(weight)))
            .Select(r => r.Zip(bias, (v, b) => v + b).ToArray()).ToArray();
        double[][] expected = Textbook.ClassMeans(mapped, samples.Labels, 3);
        Tensor<double> means = ClassStatistics.Measure(samples.Features.AsMatrix(), samples.Labels, 3).Means;
        Tensor<double> actual = ClassDuality.PreActivationMeans(means, weight.AsMatrix(), bias, TestCompute.Instance);
        for (int c = 0; c < 3; c++)
            for (int j = 0; j < 8; j++)
                Near.Equal(expected[c][j], actual[c, j], 256, 1.0);
    }

    [Fact]
    public void Self_duality_belongs_to_the_last_layer()
    {
        ClassDuality duality = Measure(Samples.Gaussian(27, 3, 5, 7), new CollapseContext { Weight = Random(28, 3, 5), PreActivationMeans = Random(29, 3, 3) });
        Near.Undefined("defined at the last layer only", duality.SelfDuality);
        Near.Undefined("defined at the last layer only", duality.FrameDuality);
        Assert.True(duality.Alignment.IsDefined);
    }

    [Fact]
    public void Outputs_other_than_one_a_class_have_no_self_duality()
    {
        ClassDuality duality = Measure(Samples.Gaussian(30, 3, 5, 7), new CollapseContext { Weight = Random(31, 1, 5), IsLastLayer = true });
        Near.Undefined("the last layer has 1 outputs for 3 classes", duality.SelfDuality);
        Near.Undefined("no class means of the pre-activation given", duality.Alignment);
    }

    [Fact]
    public void A_zero_weight_has_no_direction()
    {
        ClassDuality duality = Measure(Samples.Gaussian(32, 3, 5, 7), new CollapseContext { Weight = new Tensor<double>(3, 5), PreActivationMeans = Random(33, 3, 3), IsLastLayer = true });
        Near.Undefined("the weight is zero", duality.SelfDuality);
        Near.Undefined("the weight is zero", duality.Alignment);
    }

    [Fact]
    public void A_zero_pre_activation_has_no_alignment()
    {
        ClassDuality duality = Measure(Samples.Gaussian(34, 3, 5, 7), new CollapseContext { Weight = Random(35, 3, 5), PreActivationMeans = new Tensor<double>(3, 3) });
        Near.Undefined("the class means it is compared with are zero", duality.Alignment);
    }

    [Fact]
    public void Wrong_shapes_and_numbers_are_refused()
    {
        Samples samples = Samples.Gaussian(36, 3, 5, 7);
        Assert.Throws<ArgumentException>(() => Measure(samples, new CollapseContext { Weight = Random(37, 3, 4) }));
        Assert.Throws<ArgumentException>(() => Measure(samples, new CollapseContext { Weight = Random(37, 3, 5), PreActivationMeans = Random(38, 3, 2) }));
        Tensor<double> poisoned = Random(37, 3, 5);
        poisoned[1, 1] = double.PositiveInfinity;
        Assert.Throws<ArgumentException>(() => Measure(samples, new CollapseContext { Weight = poisoned }));
    }

    private static ClassDuality Measure(Samples samples, CollapseContext context) =>
        ClassDuality.Measure(ClassStatistics.Measure(samples.Features.AsMatrix(), samples.Labels, samples.Classes), context, TestCompute.Instance);

    private static Tensor<double> Random(ulong seed, int rows, int columns)
    {
        Tensor<double> matrix = new(rows, columns);
        new RandomStream(seed).FillNormal(matrix.Span);
        return matrix;
    }
}
