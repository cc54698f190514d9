using Eigenscope.Analysis.Features;
using Eigenscope.Analysis.Tests.Support;
using Eigenscope.Learning.Features;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Tests.Features;

public sealed class FeatureSpectrumTests
{
    private const double ReferenceUnits = 1e3;

    [Fact]
    public void Two_rows_worked_by_hand()
    {
        Tensor<double> rows = new([1, 0, 0, 2], 2, 2);
        FeatureSpectrum moment = FeatureSpectrum.Measure(rows.AsMatrix(), Centring.None, TestCompute.Instance);
        Near.Equal(2.0, moment.Eigenvalues[0], 8);
        Near.Equal(0.5, moment.Eigenvalues[1], 8, 2.0);
        FeatureSpectrum covariance = FeatureSpectrum.Measure(rows.AsMatrix(), Centring.SampleMean, TestCompute.Instance);
        Near.Equal(1.25, covariance.Eigenvalues[0], 8);
        Near.Equal(0.0, covariance.Eigenvalues[1], 8, 1.25);
        Assert.Equal((2.5, 1.25), (moment.Trace, covariance.Trace));
    }

    [Theory]
    [InlineData(30, 6, Centring.None)]
    [InlineData(30, 6, Centring.SampleMean)]
    [InlineData(6, 30, Centring.None)]
    [InlineData(6, 30, Centring.SampleMean)]
    [InlineData(2500, 4, Centring.SampleMean)]
    [InlineData(1, 5, Centring.None)]
    public void Agrees_with_the_explicit_matrix(int rows, int dimension, Centring centring)
    {
        Tensor<double> features = Random(81, rows, dimension);
        FeatureSpectrum spectrum = FeatureSpectrum.Measure(features.AsMatrix(), centring, TestCompute.Instance);
        double[][] x = Textbook.Rows(features);
        double[][] matrix = Textbook.Moment(centring == Centring.None ? x : Textbook.Centred(x));
        (double[] expected, _) = Textbook.Eigen(matrix);
        Assert.Equal(Math.Min(rows, dimension), spectrum.Eigenvalues.Count);
        Assert.Equal(dimension, spectrum.Dimension);
        for (int i = 0; i < dimension; i++)
            Near.Equal(expected[i], i < spectrum.Eigenvalues.Count ? spectrum.Eigenvalues[i] : 0.0, ReferenceUnits, expected[0]);
        Near.Equal(Textbook.Trace(matrix), spectrum.Trace, ReferenceUnits);
    }

    [Fact]
    public void A_covariance_far_from_the_origin_keeps_its_digits()
    {
        const double offset = 1 << 26;
        Tensor<double> features = Random(82, 40, 3);
        foreach (ref double value in features.Span)
            value = Math.Round(value * 1024) / 1024;
        (double[] expected, _) = Textbook.Eigen(Textbook.Moment(Textbook.Centred(Textbook.Rows(features))));
        foreach (ref double value in features.Span)
            value += offset;
        FeatureSpectrum shifted = FeatureSpectrum.Measure(features.AsMatrix(), Centring.SampleMean, TestCompute.Instance);
        for (int i = 0; i < 3; i++)
            Near.Equal(expected[i], shifted.Eigenvalues[i], ReferenceUnits, expected[0]);
    }

    [Fact]
    public void Rounding_never_shows_as_a_negative_eigenvalue() => Laws.Hold(seed =>
    {
        Tensor<double> features = Random(seed, 20, 8);
        for (int i = 0; i < 20; i++)
            features[i, 7] = features[i, 0] - features[i, 1];
        FeatureSpectrum spectrum = FeatureSpectrum.Measure(features.AsMatrix(), Centring.SampleMean, TestCompute.Instance);
        Assert.InRange(spectrum.Eigenvalues[7], 0.0, 256 * Textbook.Epsilon * spectrum.Eigenvalues[0]);
        Assert.Equal(spectrum.Eigenvalues.OrderDescending(), spectrum.Eigenvalues);
    });

    [Fact]
    public void Zero_rows_have_a_zero_spectrum()
    {
        FeatureSpectrum spectrum = FeatureSpectrum.Measure(new Tensor<double>(4, 3).AsMatrix(), Centring.None, TestCompute.Instance);
        Assert.Equal([0.0, 0.0, 0.0], spectrum.Eigenvalues);
        Assert.Equal(0.0, spectrum.Trace);
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        Assert.Throws<ArgumentException>(() => FeatureSpectrum.Measure(default, Centring.None, TestCompute.Instance));
        Assert.Throws<ArgumentException>(() => FeatureSpectrum.Measure(new Tensor<double>([1, double.NaN], 2, 1).AsMatrix(), Centring.None, TestCompute.Instance));
    }

    private static Tensor<double> Random(ulong seed, int rows, int columns)
    {
        Tensor<double> matrix = new(rows, columns);
        new Numerics.Randomness.RandomStream(seed).FillNormal(matrix.Span);
        return matrix;
    }
}
