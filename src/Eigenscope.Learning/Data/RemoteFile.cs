namespace Eigenscope.Learning.Data;

/// <summary>A file of a data set as its authors publish it.</summary>
/// <param name="Name">Its name in the data set's folder.</param>
/// <param name="Address">Where it is published.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Md5">MD5 of the file, in lower-case hexadecimal digits.</param>
/// <param name="ContentSha256">SHA-256 of its decompressed content, by which a copy is known however it was compressed; null where the file itself is what counts.</param>
public sealed record RemoteFile(string Name, Uri Address, long Bytes, string Md5, string? ContentSha256 = null);
