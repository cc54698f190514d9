using Eigenscope.Learning.Data;

namespace Eigenscope.Learning.Tests.Data;

/// <summary>Sums computed from the distributed file by an independent script.</summary>
public sealed class EmbeddedDigitsTests
{
    private static readonly Dataset Digits = EmbeddedDigits.Load();

    [Fact]
    public void The_embedded_digits_have_the_published_sizes()
    {
        Assert.Equal(1797, Digits.SampleCount);
        Assert.Equal(64, Digits.Dimension);
        Assert.Equal([1, 8, 8], Digits.SampleShape);
        Assert.Equal(10, Digits.ClassCount);
        Assert.Equal([178, 182, 177, 183, 181, 182, 181, 179, 174, 180], Digits.ClassCounts);
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"], Digits.ClassNames);
    }

    [Fact]
    public void The_embedded_digits_have_the_checksums_of_the_distributed_file()
    {
        double sum = 0, weighted = 0;
        for (int i = 0; i < Digits.Inputs.Length; i++)
        {
            double pixel = 16 * Digits.Inputs.Span[i];
            sum += pixel;
            weighted += pixel * ((i % 64) + 1);
        }
        Assert.Equal(561718, sum);
        Assert.Equal(18222371, weighted);
    }

    [Fact]
    public void The_first_and_last_image_are_those_of_the_file()
    {
        Assert.Equal([0, 0, 5, 13, 9, 1, 0, 0], Scaled(Digits.Inputs.Row(0)[..8]));
        Assert.Equal(0, Digits.Labels[0]);
        Assert.Equal([1, 8, 12, 14, 12, 1, 0], Scaled(Digits.Inputs.Row(1796)[57..]));
        Assert.Equal(8, Digits.Labels[1796]);
    }

    private static double[] Scaled(ReadOnlySpan<double> pixels)
    {
        double[] values = pixels.ToArray();
        return Array.ConvertAll(values, value => 16 * value);
    }
}
