using System.Security.Cryptography;

namespace Eigenscope.Formats;

/// <summary>Checksums of files, in lower-case hexadecimal digits.</summary>
public static class FileDigest
{
    /// <summary>MD5 of a file as it is: what publishers of data sets state. It tells damage, not forgery.</summary>
    /// <param name="path">The file.</param>
    /// <returns>32 digits.</returns>
    /// <exception cref="DataFormatException">The file cannot be read.</exception>
    public static string Md5(string path) => Digest(path, MD5.HashData);

    /// <summary>SHA-256 of a file as it is.</summary>
    /// <param name="path">The file.</param>
    /// <returns>64 digits.</returns>
    /// <exception cref="DataFormatException">The file cannot be read.</exception>
    public static string Sha256(string path) => Digest(path, SHA256.HashData);

    /// <summary>SHA-256 of what a file holds, decompressed where it is gzipped: the same however it was compressed.</summary>
    /// <param name="path">The file.</param>
    /// <returns>64 digits.</returns>
    /// <exception cref="DataFormatException">The file cannot be read, or its compressed data is damaged.</exception>
    public static string ContentSha256(string path) => CompressedFile.Read(path, content => Convert.ToHexStringLower(SHA256.HashData(content.Stream)));

    private static string Digest(string path, Func<Stream, byte[]> hash)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using FileStream file = File.OpenRead(path);
            return Convert.ToHexStringLower(hash(file));
        }
        catch (Exception failure) when (CompressedFile.IsUnreadable(failure))
        {
            throw CompressedFile.Describe(path, failure);
        }
    }
}
