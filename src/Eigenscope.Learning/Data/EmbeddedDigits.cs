using System.IO.Compression;
using System.Security.Cryptography;
using Eigenscope.Formats;
using Eigenscope.Numerics.Tensors;

namespace Eigenscope.Learning.Data;

/// <summary>
/// Real data that needs no file and no network: 1797 images of handwritten digits, 8×8, ten classes. Pixel values 0 … 16 are divided by 16.
/// Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, UCI Machine Learning Repository (1998), CC BY 4.0, as distributed with scikit-learn.
/// </summary>
public static class EmbeddedDigits
{
    /// <summary>The name by which the data set is known.</summary>
    public const string Name = "digits";

    internal const int SampleCount = 1797;
    internal const int ClassCount = 10;

    private const string Resource = "Eigenscope.Learning.Data.digits.csv.gz";
    private const string ContentSha256 = "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8";
    private const double LargestPixel = 16.0;

    internal static CheckedFile Check()
    {
        using Stream packed = Open();
        long bytes = packed.Length;
        using GZipStream stream = new(packed, CompressionMode.Decompress);
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(stream));
        bool isRight = string.Equals(sha256, ContentSha256, StringComparison.Ordinal);
        return new CheckedFile("digits.csv.gz", bytes, isRight ? FileState.Right : FileState.Wrong, $"sha256 of the content {sha256}{(isRight ? ", as distributed" : $", expected {ContentSha256}")}");
    }

    /// <summary>The images, in the order of the distributed file.</summary>
    /// <returns>1797 samples of shape 1×8×8 with values in [0, 1].</returns>
    public static Dataset Load()
    {
        using Stream packed = Open();
        using GZipStream stream = new(packed, CompressionMode.Decompress);
        CsvTable table = CsvFile.Read(stream, Name);
        double[] pixels = table.Features;
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] /= LargestPixel;
        LabelEncoding encoding = LabelEncoding.FromText(table.Labels, Name);
        return new Dataset(
            Name,
            "UCI Optical Recognition of Handwritten Digits (Alpaydin & Kaynak 1998, CC BY 4.0), embedded; pixels divided by 16",
            new Tensor<double>(pixels, table.Rows, 1, 8, 8),
            encoding.Labels,
            encoding.ClassNames);
    }

    private static Stream Open() => typeof(EmbeddedDigits).Assembly.GetManifestResourceStream(Resource)
        ?? throw new InvalidOperationException($"the assembly lacks its resource {Resource}");
}
