using System.Buffers;
using System.Numerics;
using System.Runtime.Intrinsics;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Networks;

/// <summary>
/// A convolution and its two adjoints without patches, for one group and whole vectors of channels: images are copied with their padding, after which the entries that a kernel line sees
/// lie contiguous, and tiles of the result are summed in registers. The adjoint in the input is the same correlation with the kernel turned round, one for each residue of the input's
/// position modulo the stride.
/// </summary>
internal sealed unsafe class DirectConvolution(ConvolutionShape shape)
{
    // Bytes of padded images at a time: few enough to stay in the second-level cache, several small images so that the weight is read once for all of them.
    private const int ChunkBytes = 192 * 1024;

    // Entries along a side of the tiles in which weights are transposed: a tile's lines lie in the first-level cache, those of a whole weight do not.
    private const int Tile = 16;

    private readonly ImageShape _output = shape.Output;

    /// <summary>Whether <see cref="Product"/> and <see cref="PullWeight"/> can take the convolution.</summary>
    public static bool SupportsOutput<T>(ConvolutionShape shape) => IsFast(shape) && shape.OutputChannels % Vector512<T>.Count == 0;

    /// <summary>Whether <see cref="PullInput"/> can take the convolution.</summary>
    public static bool SupportsInput<T>(ConvolutionShape shape) => IsFast(shape) && shape.Input.Channels % Vector512<T>.Count == 0;

    // A row of half a tile's positions leaves half of the tile idle, and a small image reads and writes the whole weight for little: unfolded, many images make one product.
    private static bool IsFast(ConvolutionShape shape) =>
        Vector512.IsHardwareAccelerated && shape.Groups == 1 && shape.IsCompact && shape.Output.Width > ConvolutionKernels.Positions / 2;

    /// <summary>y ← B(x, w) + β y.</summary>
    public void Product<T>(ReadOnlyMatrixSpan<T> x, ReadOnlySpan<T> weight, T beta, MatrixSpan<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Correlation<T> map = Forward<T>(out PaddedImages padding);
        T[] packed = ArrayPool<T>.Shared.Rent(map.KernelSize * map.Channels);
        T[] padded = padding.Rent<T>(x.Rows, ChunkBytes, Slack(map.SourceStep));
        fixed (T* w = weight, to = packed, image = padded, target = y.Data)
        {
            PackTransposed(w, map.KernelSize, map.Channels, to);
            int chunk = padding.ImagesIn<T>(x.Rows, ChunkBytes);
            for (int first = 0; first < x.Rows; first += chunk)
            {
                int count = Math.Min(chunk, x.Rows - first);
                padding.Copy(x.RowRange(first, count), image);
                Correlate(map, image, padding.Size, to, target + ((nint)first * y.Stride), y.Stride, count, beta);
            }
        }
        ArrayPool<T>.Shared.Return(padded);
        ArrayPool<T>.Shared.Return(packed);
    }

    /// <summary>δx ← B(·, w)ᵀ δy + β δx.</summary>
    public void PullInput<T>(ReadOnlyMatrixSpan<T> outputCotangent, ReadOnlySpan<T> weight, T beta, MatrixSpan<T> inputCotangent)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Residues rows = new(shape.Input.Height, _output.Height, shape.KernelHeight, shape.StrideHeight, shape.PaddingTop);
        Residues columns = new(shape.Input.Width, _output.Width, shape.KernelWidth, shape.StrideWidth, shape.PaddingLeft);
        PaddedImages padding = new(_output, rows.Before, rows.After, columns.Before, columns.After);
        T[] packed = ArrayPool<T>.Shared.Rent(weight.Length);
        T[] padded = padding.Rent<T>(outputCotangent.Rows, ChunkBytes, Slack(_output.Channels));
        fixed (T* w = weight, to = packed, image = padded, target = inputCotangent.Data)
        {
            int chunk = padding.ImagesIn<T>(outputCotangent.Rows, ChunkBytes);
            for (int first = 0; first < outputCotangent.Rows; first += chunk)
            {
                int count = Math.Min(chunk, outputCotangent.Rows - first);
                padding.Copy(outputCotangent.RowRange(first, count), image);
                T* free = to;
                for (int i = 0; i < rows.Count * columns.Count; i++)
                {
                    (Residue row, Residue column) = (rows[i / columns.Count], columns[i % columns.Count]);
                    Correlation<T> map = Backward<T>(row, column, padding.Width);
                    if (first == 0)
                        PackTurned(w, row, column, free);
                    T* source = image + (((row.Start * padding.Width) + column.Start) * _output.Channels);
                    T* at = target + ((nint)first * inputCotangent.Stride) + (((row.First * shape.Input.Width) + column.First) * shape.Input.Channels);
                    Correlate(map, source, padding.Size, free, at, inputCotangent.Stride, count, beta);
                    free += map.KernelSize * map.Channels;
                }
            }
        }
        ArrayPool<T>.Shared.Return(padded);
        ArrayPool<T>.Shared.Return(packed);
    }

    /// <summary>g ← g + B(x, ·)ᵀ δy.</summary>
    public void PullWeight<T>(ReadOnlyMatrixSpan<T> outputCotangent, ReadOnlyMatrixSpan<T> x, Span<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Correlation<T> map = Forward<T>(out PaddedImages padding);
        T[] sums = ArrayPool<T>.Shared.Rent(gradient.Length);
        sums.AsSpan(0, gradient.Length).Clear();
        T[] padded = padding.Rent<T>(x.Rows, ChunkBytes, Slack(map.SourceStep));
        fixed (T* to = gradient, sum = sums, image = padded, cotangent = outputCotangent.Data)
        {
            int chunk = padding.ImagesIn<T>(x.Rows, ChunkBytes);
            for (int first = 0; first < x.Rows; first += chunk)
            {
                int count = Math.Min(chunk, x.Rows - first);
                padding.Copy(x.RowRange(first, count), image);
                for (int i = 0; i < count; i++)
                    CorrelateWeight(map, image + ((nint)i * padding.Size), cotangent + ((nint)(first + i) * outputCotangent.Stride), sum);
            }
            AddTransposed(sum, map.KernelSize, map.Channels, to);
        }
        ArrayPool<T>.Shared.Return(padded);
        ArrayPool<T>.Shared.Return(sums);
    }

    private static void Correlate<T>(in Correlation<T> map, T* source, int sourceImage, T* weight, T* target, int targetImage, int images, T beta)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int channel = 0; channel < map.Channels;)
        {
            bool wide = map.Channels - channel >= 2 * Vector512<T>.Count;
            for (int i = 0; i < images; i++)
            {
                T* from = source + ((nint)i * sourceImage), to = target + ((nint)i * targetImage) + channel;
                if (wide)
                    CorrelateWide(map, from, weight, to, beta);
                else
                    CorrelateNarrow(map, from, weight, to, beta);
            }
            int channels = wide ? 2 * Vector512<T>.Count : Vector512<T>.Count;
            channel += channels;
            weight += map.KernelSize * channels;
        }
    }

    private static void CorrelateWide<T>(in Correlation<T> map, T* source, T* weight, T* target, T beta)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int runs = map.Rows * RunsPerRow(map);
        for (int i = 0; i < runs; i++)
        {
            (nint from, PositionRun<T> run) = Run(map, i, target, beta);
            ConvolutionKernels.CorrelateWide(map, source + from, weight, run);
        }
    }

    private static void CorrelateNarrow<T>(in Correlation<T> map, T* source, T* weight, T* target, T beta)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int runs = map.Rows * RunsPerRow(map);
        for (int i = 0; i < runs; i += 2)
        {
            (nint from, PositionRun<T> run) = Run(map, i, target, beta);
            (nint secondFrom, PositionRun<T> secondRun) = i + 1 < runs ? Run(map, i + 1, target, beta) : (from, new PositionRun<T>(target, 0, 0, 0, beta));
            ConvolutionKernels.CorrelateNarrow(map, source + from, source + secondFrom, weight, run, secondRun);
        }
    }

    // A tile of positions may reach behind a short row, a tile of patch entries behind a line.
    private static int Slack(nint step) => checked((ConvolutionKernels.Positions * (int)step) + ConvolutionKernels.NarrowEntries);

    private static int RunsPerRow<T>(in Correlation<T> map) => (map.Columns + ConvolutionKernels.Positions - 1) / ConvolutionKernels.Positions;

    // Run i of the positions. The last of a row starts early enough to end with the row, and leaves alone what the one before has written; a row shorter than a run reads what lies behind it.
    private static (nint Source, PositionRun<T> Run) Run<T>(in Correlation<T> map, int i, T* target, T beta)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (int row, int run) = Math.DivRem(i, RunsPerRow(map));
        int wanted = run * ConvolutionKernels.Positions;
        int column = Math.Max(0, Math.Min(wanted, map.Columns - ConvolutionKernels.Positions));
        T* to = target + (row * map.TargetRow) + (column * map.TargetStep);
        return ((row * map.SourceRow) + (column * map.SourceStep), new PositionRun<T>(to, map.TargetStep, wanted - column, Math.Min(ConvolutionKernels.Positions, map.Columns), beta));
    }

    private static void CorrelateWeight<T>(in Correlation<T> map, T* source, T* cotangent, T* sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int channel = 0; channel < map.Channels;)
        {
            bool wide = map.Channels - channel >= 2 * Vector512<T>.Count;
            int entries = wide ? ConvolutionKernels.WideEntries : ConvolutionKernels.NarrowEntries;
            for (int line = 0; line < map.Lines; line++)
            {
                for (int entry = 0; entry < map.Depth; entry += entries)
                {
                    T* from = source + (line * map.SourceLine) + entry, to = sums + ((nint)((line * map.Depth) + entry) * map.Channels) + channel;
                    int count = Math.Min(entries, map.Depth - entry);
                    if (wide)
                        ConvolutionKernels.CorrelateWeightWide(map, from, cotangent + channel, to, count);
                    else
                        ConvolutionKernels.CorrelateWeightNarrow(map, from, cotangent + channel, to, count);
                }
            }
            channel += wide ? 2 * Vector512<T>.Count : Vector512<T>.Count;
        }
    }

    // Blocks of as many channels as a tile takes; within one, entry after entry of the kernel with its channels side by side. The weight holds a channel per row.
    private static void PackTransposed<T>(T* weight, int kernel, int channels, T* packed)
        where T : unmanaged
    {
        for (int channel = 0; channel < channels;)
        {
            int width = channels - channel >= 2 * Vector512<T>.Count ? 2 * Vector512<T>.Count : Vector512<T>.Count;
            for (int k = 0; k < kernel; k += Tile)
            {
                int entries = Math.Min(Tile, kernel - k);
                Transpose(weight + ((nint)channel * kernel) + k, kernel, width, entries, packed);
                packed += entries * width;
            }
            channel += width;
        }
    }

    private static void AddTransposed<T>(T* sums, int kernel, int channels, T* gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int channel = 0; channel < channels; channel += Tile)
        {
            int width = Math.Min(Tile, channels - channel);
            for (int k = 0; k < kernel; k += Tile)
                AddTile(sums + ((nint)k * channels) + channel, channels, width, Math.Min(Tile, kernel - k), gradient + ((nint)channel * kernel) + k, kernel);
        }
    }

    // target (entries × width) ← the transpose of source, whose rows are kernel apart.
    private static void Transpose<T>(T* source, int kernel, int width, int entries, T* target)
        where T : unmanaged
    {
        for (int lane = 0; lane < width; lane++, source += kernel, target++)
        {
            for (int k = 0; k < entries; k++)
                target[k * width] = source[k];
        }
    }

    // target (width × entries, rows kernel apart) += the transpose of source, whose rows are channels apart.
    private static void AddTile<T>(T* source, int channels, int width, int entries, T* target, int kernel)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int lane = 0; lane < width; lane++, source++, target += kernel)
        {
            for (int k = 0; k < entries; k++)
                target[k] += source[(nint)k * channels];
        }
    }

    private Correlation<T> Forward<T>(out PaddedImages padding)
        where T : unmanaged
    {
        padding = new PaddedImages(shape.Input, shape.PaddingTop, shape.PaddingBottom, shape.PaddingLeft, shape.PaddingRight);
        nint line = padding.Width * shape.Input.Channels;
        return new Correlation<T>
        {
            Rows = _output.Height,
            Columns = _output.Width,
            Channels = _output.Channels,
            Lines = shape.KernelHeight,
            Depth = shape.KernelWidth * shape.Input.Channels,
            SourceLine = line,
            SourceRow = line * shape.StrideHeight,
            SourceStep = shape.StrideWidth * shape.Input.Channels,
            TargetRow = _output.Width * _output.Channels,
            TargetStep = _output.Channels,
        };
    }

    private Correlation<T> Backward<T>(Residue row, Residue column, int width)
        where T : unmanaged => new()
        {
            Rows = row.Positions,
            Columns = column.Positions,
            Channels = shape.Input.Channels,
            Lines = row.Taps,
            Depth = column.Taps * _output.Channels,
            SourceLine = width * _output.Channels,
            SourceRow = width * _output.Channels,
            SourceStep = _output.Channels,
            TargetRow = shape.StrideHeight * shape.Input.Width * shape.Input.Channels,
            TargetStep = shape.StrideWidth * shape.Input.Channels,
        };

    // The taps that reach one residue class, last first, with an output channel per row and the input channels in blocks as in PackTransposed.
    private void PackTurned<T>(T* weight, Residue row, Residue column, T* packed)
        where T : unmanaged
    {
        int channels = shape.Input.Channels;
        for (int channel = 0; channel < channels;)
        {
            int width = channels - channel >= 2 * Vector512<T>.Count ? 2 * Vector512<T>.Count : Vector512<T>.Count;
            for (int tap = row.Taps * column.Taps - 1; tap >= 0; tap--)
            {
                int a = row.FirstTap + (tap / column.Taps * shape.StrideHeight), b = column.FirstTap + (tap % column.Taps * shape.StrideWidth);
                T* from = weight + (((a * shape.KernelWidth) + b) * channels) + channel;
                for (int o = 0; o < _output.Channels; o++, from += shape.PatchSize, packed += width)
                    new ReadOnlySpan<T>(from, width).CopyTo(new Span<T>(packed, width));
            }
            channel += width;
        }
    }
}
