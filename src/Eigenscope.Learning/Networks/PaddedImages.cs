using System.Buffers;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Networks;

/// <summary>Channels-last images with rows and columns of zeros around them.</summary>
internal readonly struct PaddedImages(ImageShape image, int top, int bottom, int left, int right)
{
    /// <summary>Columns of a padded image.</summary>
    public int Width { get; } = image.Width + left + right;

    /// <summary>Entries of a padded image.</summary>
    public int Size => checked((image.Height + top + bottom) * Width * image.Channels);

    /// <summary>How many images fit into so many bytes, at least one.</summary>
    public unsafe int ImagesIn<T>(int images, int bytes)
        where T : unmanaged => Math.Max(1, Math.Min(images, bytes / (Size * sizeof(T))));

    /// <summary>Rents room for <see cref="ImagesIn"/> images and for <paramref name="slack"/> entries that are read but never used.</summary>
    public T[] Rent<T>(int images, int bytes, int slack)
        where T : unmanaged => ArrayPool<T>.Shared.Rent(checked((ImagesIn<T>(images, bytes) * Size) + slack));

    /// <summary>Copies a row per image.</summary>
    public unsafe void Copy<T>(ReadOnlyMatrixSpan<T> images, T* padded)
        where T : unmanaged
    {
        int line = Width * image.Channels, content = image.Width * image.Channels, before = left * image.Channels;
        for (int i = 0; i < images.Rows; i++, padded += Size)
        {
            ReadOnlySpan<T> row = images.Row(i);
            Span<T> target = new(padded, Size);
            target[..((top * line) + before)].Clear();
            for (int h = 0; h < image.Height; h++)
            {
                int start = ((top + h) * line) + before;
                row.Slice(h * content, content).CopyTo(target[start..]);
                // What is right of this row and left of the next, or all that is left.
                (h + 1 < image.Height ? target.Slice(start + content, line - content) : target[(start + content)..]).Clear();
            }
        }
    }
}
