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
        (int top, Range columns) = Window(position, out int left);
        (int start, int length) = columns.GetOffsetAndLength(shape.KernelWidth);
        int lineSize = shape.KernelWidth * _groupChannels;
        for (int a = 0; a < shape.KernelHeight; a++)
        {
            Span<T> line = patch.Slice(a * lineSize, lineSize);
            if ((uint)(top + a) >= (uint)shape.Input.Height)
            {
                line.Clear();
                continue;
            }
            line[..(start * _groupChannels)].Clear();
            line[((start + length) * _groupChannels)..].Clear();
            CopyLine(image[((((top + a) * shape.Input.Width) + left + start) * _channels)..], channel, line.Slice(start * _groupChannels, length * _groupChannels));
        }
    }

    private void FoldOne<T>(ReadOnlySpan<T> patch, int channel, int position, Span<T> image)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int top, Range columns) = Window(position, out int left);
        (int start, int length) = columns.GetOffsetAndLength(shape.KernelWidth);
        int lineSize = shape.KernelWidth * _groupChannels;
        for (int a = Math.Max(0, -top); a < shape.KernelHeight && top + a < shape.Input.Height; a++)
        {
            ReadOnlySpan<T> line = patch.Slice((a * lineSize) + (start * _groupChannels), length * _groupChannels);
            AddLine(line, channel, image[((((top + a) * shape.Input.Width) + left + start) * _channels)..]);
        }
    }

    // The image row and column of the kernel's first entry, and the kernel columns that lie inside the image: paddings are smaller than the kernel, so there is always one.
    private (int Top, Range Columns) Window(int position, out int left)
    {
        (int row, int column) = Math.DivRem(position, _outputWidth);
        left = (column * shape.StrideWidth) - shape.PaddingLeft;
        return ((row * shape.StrideHeight) - shape.PaddingTop, Math.Max(0, -left)..Math.Min(shape.KernelWidth, shape.Input.Width - left));
    }

    private void CopyLine<T>(ReadOnlySpan<T> image, int channel, Span<T> line)
    {
        if (_groupChannels == _channels)
        {
            image[..line.Length].CopyTo(line);
            return;
        }
        for (int from = channel, to = 0; to < line.Length; from += _channels, to += _groupChannels)
            image.Slice(from, _groupChannels).CopyTo(line[to..]);
    }

    private void AddLine<T>(ReadOnlySpan<T> line, int channel, Span<T> image)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (_groupChannels == _channels)
        {
            TensorPrimitives.Add(image[..line.Length], line, image[..line.Length]);
            return;
        }
        for (int to = channel, from = 0; from < line.Length; to += _channels, from += _groupChannels)
        {
            Span<T> target = image.Slice(to, _groupChannels);
            TensorPrimitives.Add(target, line.Slice(from, _groupChannels), target);
        }
    }
}
