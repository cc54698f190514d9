using System.Numerics;
using Eigenscope.Learning.Networks;
using Eigenscope.Numerics.Randomness;

namespace Eigenscope.Learning.Data;

/// <summary>
/// Random crops and flips of images, the usual augmentation for CIFAR (He et al., 1512.03385, section 4.2): the image is padded, a window of its own size is cut out at random, and half of the windows are mirrored.
/// Only training steps use it: whatever is measured is measured on the samples as they are. Each sample's draw depends on the run's key, the epoch and the sample's number only.
/// </summary>
public sealed record Augmentation
{
    // Two offsets and a flip; the next sample starts at its own words.
    private const int WordsPerSample = 4;

    /// <summary>Extents of a sample, which lies as in the data set: channel after channel, (C, H, W).</summary>
    public required ImageShape Image { get; init; }

    /// <summary>Pixels added on every side before cropping, ≥ 0. Default 4.</summary>
    public int CropPadding { get; init; } = 4;

    /// <summary>Whether half of the windows are mirrored left to right. Default true; wrong for digits and letters.</summary>
    public bool HorizontalFlip { get; init; } = true;

    /// <summary>Value of the added pixels, in the units the network sees. Default 0: the mean, where the data was standardised.</summary>
    public double Fill { get; init; }

    internal static void Check(Augmentation augmentation, int sampleSize)
    {
        (int channels, int height, int width) = augmentation.Image;
        if (channels < 1 || height < 1 || width < 1 || (long)channels * height * width != sampleSize)
            throw new ArgumentException($"expected the extents of an image of {sampleSize} entries, got {channels} × {height} × {width}", nameof(augmentation));
        if (augmentation.CropPadding < 0)
            throw new ArgumentOutOfRangeException(nameof(augmentation), augmentation.CropPadding, "expected a padding of at least 0 pixels");
        if (!double.IsFinite(augmentation.Fill))
            throw new ArgumentOutOfRangeException(nameof(augmentation), augmentation.Fill, "expected a finite value for the added pixels");
    }

    /// <summary>The key of an epoch's draws.</summary>
    internal static ulong EpochKey(RandomStream random, int epoch) => random.Split(FormattableString.Invariant($"augmentation of epoch {epoch}")).State.Key;

    /// <summary>Writes a sample's window of the epoch.</summary>
    /// <param name="key">From <see cref="EpochKey"/>.</param>
    /// <param name="sample">The sample's number in its data set.</param>
    /// <param name="source">The sample.</param>
    /// <param name="target">Where to write; must not overlap <paramref name="source"/>.</param>
    internal void Apply<T>(ulong key, int sample, ReadOnlySpan<T> source, Span<T> target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RandomStream random = new(new RandomStreamState(key, (ulong)sample * WordsPerSample));
        int down = random.NextInt32((2 * CropPadding) + 1) - CropPadding;
        int right = random.NextInt32((2 * CropPadding) + 1) - CropPadding;
        bool mirrored = HorizontalFlip && random.NextInt32(2) == 1;
        target.Fill(T.CreateTruncating(Fill));
        int firstColumn = Math.Max(0, -right);
        int columns = Math.Max(0, Math.Min(Image.Width, Image.Width - right) - firstColumn);
        for (int line = 0; line < Image.Channels * Image.Height; line++)
        {
            int row = line % Image.Height;
            Span<T> window = target.Slice(line * Image.Width, Image.Width);
            if (columns > 0 && (uint)(row + down) < (uint)Image.Height)
                source.Slice(((line + down) * Image.Width) + firstColumn + right, columns).CopyTo(window[firstColumn..]);
            if (mirrored)
                window.Reverse();
        }
    }
}
