using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using Eigenscope.Numerics.Blas;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Networks;

/// <summary>
/// A two-dimensional convolution of channels-last images with a bias per output channel. The weight is (output channels, kernel height, kernel width, input channels of a group).
/// No patches are ever stored: with whole vectors of channels, <see cref="DirectConvolution"/> does without them; otherwise they are unfolded for a few positions at a time, into memory that
/// stays in the cache, and multiplied at once.
/// </summary>
public sealed class ConvolutionLayer : BilinearLayer
{
    private readonly PatchUnfolding _unfolding;
    private readonly DirectConvolution _direct;

    internal ConvolutionLayer(string name, ConvolutionShape shape, ParameterBlock weight, ParameterBlock? bias, int firstBlockIndex)
        : base(name, SizeOf(shape), shape.Output.Size, weight, bias, firstBlockIndex)
    {
        if (!weight.Shape.SequenceEqual(shape.WeightShape))
            throw new ArgumentException($"layer '{name}' expects a weight of ({string.Join(", ", shape.WeightShape)}), got ({string.Join(", ", weight.Shape)})", nameof(weight));
        if (bias is not null && bias.Length != shape.OutputChannels)
            throw new ArgumentException($"layer '{name}' expects a bias of {shape.OutputChannels} entries, one per output channel, got {bias.Length}", nameof(bias));
        Shape = shape;
        Output = shape.Output;
        _unfolding = new PatchUnfolding(shape);
        _direct = new DirectConvolution(shape);
    }

    /// <summary>The extents of the convolution.</summary>
    public ConvolutionShape Shape { get; }

    /// <summary>The images that go out.</summary>
    public ImageShape Output { get; }

    /// <summary>Whether patches are unfolded even where vector instructions can do without.</summary>
    internal bool AlwaysUnfolds { get; init; }

    private protected override void Product<T>(BlasBackend blas, ReadOnlyMatrixSpan<T> x, ReadOnlySpan<T> weight, T beta, MatrixSpan<T> y)
    {
        if (!AlwaysUnfolds && DirectConvolution.SupportsOutput<T>(Shape))
        {
            _direct.Product(x, weight, beta, y);
            return;
        }
        using PatchChunks<T> chunks = new(Shape, x.Rows, IsContiguous<T>(x) && IsContiguous<T>(y));
        for (int first = 0, count; (count = chunks.Count(first)) > 0; first += count)
        {
            for (int g = 0; g < Shape.Groups; g++)
                blas.Multiply(T.One, Patches(x, g, first, count, chunks), MatrixOp.None, GroupWeight(weight, g), MatrixOp.Transpose, beta, Outputs(y, g, first, count));
        }
    }

    private protected override void PullInput<T>(BlasBackend blas, ReadOnlyMatrixSpan<T> outputCotangent, ReadOnlySpan<T> weight, T beta, MatrixSpan<T> inputCotangent)
    {
        if (!AlwaysUnfolds && DirectConvolution.SupportsInput<T>(Shape))
        {
            _direct.PullInput(outputCotangent, weight, beta, inputCotangent);
            return;
        }
        if (!Shape.IsPointwise)
            Scale(beta, inputCotangent);
        using PatchChunks<T> chunks = new(Shape, outputCotangent.Rows, IsContiguous<T>(inputCotangent) && IsContiguous(outputCotangent));
        for (int first = 0, count; (count = chunks.Count(first)) > 0; first += count)
        {
            for (int g = 0; g < Shape.Groups; g++)
            {
                MatrixSpan<T> patches = Shape.IsPointwise ? Channels(inputCotangent, Shape.Input, Shape.GroupInputChannels, g, first, count) : chunks.Rows(count);
                blas.Multiply(T.One, Outputs(outputCotangent, g, first, count), MatrixOp.None, GroupWeight(weight, g), MatrixOp.None, Shape.IsPointwise ? beta : T.Zero, patches);
                if (!Shape.IsPointwise)
                    _unfolding.FoldAdd<T>(patches, g, first, inputCotangent);
            }
        }
    }

    private protected override void PullWeight<T>(BlasBackend blas, ReadOnlyMatrixSpan<T> outputCotangent, ReadOnlyMatrixSpan<T> x, Span<T> gradient)
    {
        if (!AlwaysUnfolds && DirectConvolution.SupportsOutput<T>(Shape))
        {
            _direct.PullWeight(outputCotangent, x, gradient);
            return;
        }
        using PatchChunks<T> chunks = new(Shape, x.Rows, IsContiguous(x) && IsContiguous(outputCotangent));
        for (int first = 0, count; (count = chunks.Count(first)) > 0; first += count)
        {
            for (int g = 0; g < Shape.Groups; g++)
            {
                MatrixSpan<T> target = new(gradient.Slice(g * GroupWeightSize, GroupWeightSize), Shape.GroupOutputChannels, Shape.PatchSize);
                blas.Multiply(T.One, Outputs(outputCotangent, g, first, count), MatrixOp.Transpose, Patches(x, g, first, count, chunks), MatrixOp.None, T.One, target);
            }
        }
    }

    // Channels are few and positions many: the bias is repeated over a row of positions first, and its gradient summed over the columns last.
    private protected override void AddBias<T>(ReadOnlySpan<T> bias, MatrixSpan<T> y)
    {
        T[] repeated = ArrayPool<T>.Shared.Rent(RowSize);
        for (int j = 0; j < Output.Width; j++)
            bias.CopyTo(repeated.AsSpan(j * Output.Channels));
        for (int i = 0; i < y.Rows; i++)
            AddToRows(repeated.AsSpan(0, RowSize), new MatrixSpan<T>(y.Row(i), Output.Height, RowSize));
        ArrayPool<T>.Shared.Return(repeated);
    }

    private protected override void PullBias<T>(ReadOnlyMatrixSpan<T> outputCotangent, Span<T> gradient)
    {
        double[] rented = ArrayPool<double>.Shared.Rent(RowSize);
        Span<double> sums = rented.AsSpan(0, RowSize);
        sums.Clear();
        for (int i = 0; i < outputCotangent.Rows; i++)
            AddRows(new ReadOnlyMatrixSpan<T>(outputCotangent.Row(i), Output.Height, RowSize), sums);
        Span<double> total = sums[..Output.Channels];
        for (int j = 1; j < Output.Width; j++)
            TensorPrimitives.Add(total, sums.Slice(j * Output.Channels, Output.Channels), total);
        for (int c = 0; c < total.Length; c++)
            gradient[c] += T.CreateTruncating(total[c]);
        ArrayPool<double>.Shared.Return(rented);
    }

    private int RowSize => Output.Width * Output.Channels;

    private static int SizeOf(ConvolutionShape shape)
    {
        shape.Validate(nameof(shape));
        return shape.Input.Size;
    }

    private static void Scale<T>(T factor, MatrixSpan<T> matrix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < matrix.Rows && factor != T.One; i++)
        {
            if (factor == T.Zero)
                matrix.Row(i).Clear();
            else
                TensorPrimitives.Multiply(matrix.Row(i), factor, matrix.Row(i));
        }
    }

    private int GroupWeightSize => Shape.GroupOutputChannels * Shape.PatchSize;

    private ReadOnlyMatrixSpan<T> GroupWeight<T>(ReadOnlySpan<T> weight, int group)
        where T : unmanaged => new(weight.Slice(group * GroupWeightSize, GroupWeightSize), Shape.GroupOutputChannels, Shape.PatchSize);

    private ReadOnlyMatrixSpan<T> Patches<T>(ReadOnlyMatrixSpan<T> x, int group, int first, int count, PatchChunks<T> chunks)
        where T : unmanaged
    {
        if (Shape.IsPointwise)
            return Channels(x, Shape.Input, Shape.GroupInputChannels, group, first, count);
        MatrixSpan<T> patches = chunks.Rows(count);
        _unfolding.Unfold(x, group, first, patches);
        return patches;
    }

    private ReadOnlyMatrixSpan<T> Outputs<T>(ReadOnlyMatrixSpan<T> y, int group, int first, int count)
        where T : unmanaged => Channels(y, Output, Shape.GroupOutputChannels, group, first, count);

    private MatrixSpan<T> Outputs<T>(MatrixSpan<T> y, int group, int first, int count)
        where T : unmanaged => Channels(y, Output, Shape.GroupOutputChannels, group, first, count);

    private static bool IsContiguous<T>(ReadOnlyMatrixSpan<T> images)
        where T : unmanaged => images.Rows <= 1 || images.Columns == images.Stride;

    // The channels of one group, a row per position; where samples are not contiguous, the positions are those of one sample.
    private static MatrixSpan<T> Channels<T>(MatrixSpan<T> images, ImageShape shape, int channels, int group, int first, int count)
        where T : unmanaged
    {
        (int sample, int position) = Math.DivRem(first, shape.Positions);
        return new MatrixSpan<T>(images.Data[((sample * images.Stride) + (position * shape.Channels) + (group * channels))..], count, channels, shape.Channels);
    }

    private static ReadOnlyMatrixSpan<T> Channels<T>(ReadOnlyMatrixSpan<T> images, ImageShape shape, int channels, int group, int first, int count)
        where T : unmanaged
    {
        (int sample, int position) = Math.DivRem(first, shape.Positions);
        return new ReadOnlyMatrixSpan<T>(images.Data[((sample * images.Stride) + (position * shape.Channels) + (group * channels))..], count, channels, shape.Channels);
    }
}
