using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Execution;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Analysis.Ranks;

/// <summary>
/// All singular values of a convolution as the linear map that it is on its image, with a circular boundary: what leaves the image at one side enters it at the other (Sedghi, Gupta, Long, "The singular values of convolutional layers",
/// ICLR 2019, arXiv 1805.10408). In the unitary Fourier basis the map falls apart into one small matrix per frequency, Ŵ(u, v)[o, c] = Σ_{a,b} W[o, a, b, c] e^{2πi(ua/H + vb/W)}. With strides s and t that divide the image, the
/// s · t frequencies that sampling makes equal belong to one output frequency, and the matrix is theirs side by side, over √(s t). Padding does not enter: a circular image has no edge. With dilations d and e, a and b stand for da and eb. Layers pad with zeros or not at all, which differs
/// at the edges only, so that the values are those of the layer where images are large beside kernels.
/// </summary>
public static class ConvolutionSpectrum
{
    /// <summary>Why there is no such spectrum; null where there is one.</summary>
    /// <param name="shape">The convolution.</param>
    /// <returns>A reason in words, or null.</returns>
    public static string? Obstacle(ConvolutionShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Groups != 1)
            return $"the convolution has {shape.Groups} groups";
        bool divides = shape.Input.Height % shape.StrideHeight == 0 && shape.Input.Width % shape.StrideWidth == 0;
        return divides ? null : $"strides of {shape.StrideHeight} and {shape.StrideWidth} do not divide an image of {shape.Input.Height} × {shape.Input.Width}, which cannot be circular then";
    }

    /// <summary>The singular values.</summary>
    /// <param name="weight">W, row-major (output channels, kernel height, kernel width, input channels).</param>
    /// <param name="shape">Extents of the convolution; its padding is not used.</param>
    /// <param name="compute">Where to compute.</param>
    /// <returns>All min(output channels, input channels · s · t) · (H/s) · (W/t) of them, descending.</returns>
    /// <exception cref="ArgumentException">The weight has another length or is not finite, or there is an <see cref="Obstacle"/>.</exception>
    public static double[] Of(ReadOnlySpan<double> weight, ConvolutionShape shape, Compute compute)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(compute);
        if (Obstacle(shape) is { } obstacle)
            throw new ArgumentException(obstacle, nameof(shape));
        if (weight.Length != shape.OutputChannels * shape.PatchSize)
            throw new ArgumentException($"expected {shape.OutputChannels} × {shape.PatchSize} entries, got {weight.Length}", nameof(weight));
        MatrixGuard.Finite(new ReadOnlyMatrixSpan<double>(weight, shape.OutputChannels, shape.PatchSize), nameof(weight));
        int height = shape.Input.Height / shape.StrideHeight, width = shape.Input.Width / shape.StrideWidth;
        double[] kernel = weight.ToArray();
        List<(int U, int V, int Count)> frequencies = Frequencies(height, width);
        double[][] parts = new double[frequencies.Count][];
        compute.ForEachPart(compute.Threads, part =>
        {
            (int start, int count) = Compute.PartRange(frequencies.Count, part, compute.Threads);
            for (int i = start; i < start + count; i++)
                parts[i] = OfFrequency(kernel, shape, frequencies[i].U, frequencies[i].V, compute);
        });
        double[] all = [.. parts.SelectMany((values, i) => Enumerable.Repeat(values, frequencies[i].Count).SelectMany(static copy => copy))];
        Array.Sort(all, static (a, b) => b.CompareTo(a));
        return all;
    }

    // A real kernel has conjugate matrices at opposite frequencies, with the same singular values: one of each pair is solved.
    private static List<(int U, int V, int Count)> Frequencies(int height, int width)
    {
        List<(int, int, int)> frequencies = [];
        for (int u = 0; u < height; u++)
        {
            for (int v = 0; v < width; v++)
            {
                (int u, int v) opposite = ((height - u) % height, (width - v) % width);
                int order = (u, v).CompareTo(opposite);
                if (order <= 0)
                    frequencies.Add((u, v, order == 0 ? 1 : 2));
            }
        }
        return frequencies;
    }

    // The complex m × n matrix A + iB as the real one of twice the size, [A −B; B A], in which every singular value is there twice.
    private static double[] OfFrequency(double[] kernel, ConvolutionShape shape, int u, int v, Compute compute)
    {
        int rows = shape.OutputChannels, channels = shape.Input.Channels, strides = shape.StrideHeight * shape.StrideWidth, columns = channels * strides;
        Tensor<double> real = new(2 * rows, 2 * columns);
        double scale = 1.0 / Math.Sqrt(strides);
        for (int alias = 0; alias < strides; alias++)
        {
            (int s, int t) = Math.DivRem(alias, shape.StrideWidth);
            double p = (double)(u + (s * (shape.Input.Height / shape.StrideHeight))) / shape.Input.Height, q = (double)(v + (t * (shape.Input.Width / shape.StrideWidth))) / shape.Input.Width;
            Fill(kernel, shape, p, q, scale, real, alias * channels);
        }
        double[] doubled = new double[2 * Math.Min(rows, columns)];
        compute.Blas.Svd(real.AsMatrix(), doubled, default, default);
        return [.. Enumerable.Range(0, doubled.Length / 2).Select(i => doubled[2 * i])];
    }

    private static void Fill(double[] kernel, ConvolutionShape shape, double p, double q, double scale, Tensor<double> real, int firstColumn)
    {
        int rows = shape.OutputChannels, channels = shape.Input.Channels, columns = real.Columns / 2, at = 0;
        for (int o = 0; o < rows; o++)
        {
            Span<double> upper = real.Row(o), lower = real.Row(rows + o);
            for (int a = 0; a < shape.KernelHeight; a++)
            {
                for (int b = 0; b < shape.KernelWidth; b++)
                {
                    (double sine, double cosine) = Math.SinCos(2.0 * Math.PI * ((p * a * shape.DilationHeight) + (q * b * shape.DilationWidth)));
                    for (int c = firstColumn; c < firstColumn + channels; c++, at++)
                    {
                        upper[c] += scale * cosine * kernel[at];
                        lower[c] += scale * sine * kernel[at];
                    }
                }
            }
            lower.Slice(firstColumn, channels).CopyTo(upper[(columns + firstColumn)..]);
            System.Numerics.Tensors.TensorPrimitives.Negate(upper.Slice(columns + firstColumn, channels), upper.Slice(columns + firstColumn, channels));
            upper.Slice(firstColumn, channels).CopyTo(lower[(columns + firstColumn)..]);
        }
    }
}
