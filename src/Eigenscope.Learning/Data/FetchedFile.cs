namespace Eigenscope.Learning.Data;

/// <summary>A file that was asked for.</summary>
/// <param name="File">What was asked for.</param>
/// <param name="WasDownloaded">Whether it was downloaded now; otherwise it was here, and right.</param>
public sealed record FetchedFile(RemoteFile File, bool WasDownloaded);
