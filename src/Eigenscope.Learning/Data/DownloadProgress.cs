namespace Eigenscope.Learning.Data;

/// <summary>How far the download of a data set is.</summary>
/// <param name="File">The file being downloaded.</param>
/// <param name="Received">Bytes of it that are here, those of an earlier attempt included.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Fraction">Share of the whole data set that is here, in [0, 1].</param>
public sealed record DownloadProgress(string File, long Received, long Bytes, double Fraction);
