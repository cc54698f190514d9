using System.Numerics;
using System.Numerics.Tensors;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Networks;

/// <summary>
/// Copies the patches that a range of a convolution's output positions sees into the rows of a matrix, zero where a patch leaves the image, and its adjoint. Positions are numbered through
/// the samples of a slice: sample, row, column. A patch lies as the weight does: (kernel row, kernel column, channel of the group).
/// </summary>
internal sealed class PatchUnfolding(ConvolutionShape shape)
{
    private readonly int _outputWidth = shape.Output.Width;
    private readonly int _positions = shape.Output.Positions;
    private readonly int _channels = shape.Input.Channels;
    private readonly int _groupChannels = shape.GroupInputChannels;
    private readonly int _step = shape.Input.Channels * shape.DilationWidth;
    private readonly Columns[] _columns = [.. Enumerable.Range(0, shape.Output.Width).Select(column => ColumnsOf(shape, column))];
    private readonly bool _areNeighbours = shape.GroupInputChannels == shape.Input.Channels && shape.DilationWidth == 1;

    /// <summary>Row i of the patches ← the patch of position first + i.</summary>
    public void Unfold<T>(ReadOnlyMatrixSpan<T> images, int group, int first, MatrixSpan<T> patches)
        where T : unmanaged
    {
        for (int i = 0; i < patches.Rows; i++)
        {
            (int sample, int position) = Math.DivRem(first + i, _positions);
            UnfoldOne(images.Row(sample), group * _groupChannels, position, patches.Row(i));
        }
    }

    /// <summary>Images += every patch, at its position.</summary>
    public void FoldAdd<T>(ReadOnlyMatrixSpan<T> patches, int group, int first, MatrixSpan<T> images)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < patches.Rows; i++)
        {
            (int sample, int position) = Math.DivRem(first + i, _positions);
            FoldOne(patches.Row(i), group * _groupChannels, position, images.Row(sample));
        }
    }

    private void UnfoldOne<T>(ReadOnlySpan<T> image, int channel, int position, Span<T> patch)
        where T : unmanaged
    {
        (int top, Columns columns) = At(position);
        int lineSize = shape.KernelWidth * _groupChannels;
        for (int a = 0; a < shape.KernelHeight; a++)
        {
            Span<T> line = patch.Slice(a * lineSize, lineSize);
            int row = top + (a * shape.DilationHeight);
            if ((uint)row >= (uint)shape.Input.Height || columns.Count == 0)
            {
                line.Clear();
                continue;
            }
            line[..(columns.First * _groupChannels)].Clear();
            line[((columns.First + columns.Count) * _groupChannels)..].Clear();
            CopyLine(image[Start(columns, row)..], channel, line.Slice(columns.First * _groupChannels, columns.Count * _groupChannels));
        }
    }

    private void FoldOne<T>(ReadOnlySpan<T> patch, int channel, int position, Span<T> image)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int top, Columns columns) = At(position);
        int lineSize = shape.KernelWidth * _groupChannels;
        for (int a = 0; a < shape.KernelHeight && columns.Count > 0; a++)
        {
            int row = top + (a * shape.DilationHeight);
            if ((uint)row < (uint)shape.Input.Height)
                AddLine(patch.Slice((a * lineSize) + (columns.First * _groupChannels), columns.Count * _groupChannels), channel, image[Start(columns, row)..]);
        }
    }

    // The entry that the first kernel column inside the image sees, in a row of the image.
    private int Start(Columns columns, int row) => ((row * shape.Input.Width) + columns.Left + (columns.First * shape.DilationWidth)) * _channels;

    // The image row of the kernel's first row, and the columns.
    private (int Top, Columns Columns) At(int position)
    {
        (int row, int column) = Math.DivRem(position, _outputWidth);
        return ((row * shape.StrideHeight) - shape.PaddingTop, _columns[column]);
    }

    private static Columns ColumnsOf(ConvolutionShape shape, int column)
    {
        int left = (column * shape.StrideWidth) - shape.PaddingLeft;
        int first = left < 0 ? (-left + shape.DilationWidth - 1) / shape.DilationWidth : 0;
        int end = left < shape.Input.Width ? Math.Min(shape.KernelWidth, ((shape.Input.Width - 1 - left) / shape.DilationWidth) + 1) : 0;
        return new Columns(left, first, Math.Max(0, end - first));
    }

    private void CopyLine<T>(ReadOnlySpan<T> image, int channel, Span<T> line)
    {
        if (_areNeighbours)
        {
            image[..line.Length].CopyTo(line);
            return;
        }
        for (int from = channel, to = 0; to < line.Length; from += _step, to += _groupChannels)
            image.Slice(from, _groupChannels).CopyTo(line[to..]);
    }

    private void AddLine<T>(ReadOnlySpan<T> line, int channel, Span<T> image)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (_areNeighbours)
        {
            TensorPrimitives.Add(image[..line.Length], line, image[..line.Length]);
            return;
        }
        for (int to = channel, from = 0; from < line.Length; to += _step, from += _groupChannels)
        {
            Span<T> target = image.Slice(to, _groupChannels);
            TensorPrimitives.Add(target, line.Slice(from, _groupChannels), target);
        }
    }

    /// <summary>The image column of the kernel's first column, and the kernel columns First … First + Count − 1 that lie inside the image.</summary>
    private readonly record struct Columns(int Left, int First, int Count);
}
