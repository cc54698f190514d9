using Eigenscope.Formats;

namespace Eigenscope.Learning.Data;

/// <summary>Brings the files of a data set into the cache.</summary>
internal static class DatasetFetch
{
    /// <summary>Downloads what is missing or wrong.</summary>
    /// <exception cref="DataFetchException">No cache, nothing to download with, a download that failed, or a folder that cannot be written.</exception>
    public static IReadOnlyList<FetchedFile> Run(KnownDataset known, DataLocations locations, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        string cache = locations.CacheFolder ?? throw new DataFetchException(known.Name, "there is no folder to download into");
        FileDownloader downloader = locations.Downloader ?? throw new DataFetchException(known.Name, $"nothing may be downloaded here; {known.HowToGet(locations)}");
        string folder = Path.Combine(cache, known.Name);
        try
        {
            Directory.CreateDirectory(folder);
            return Run(known, folder, downloader, progress, cancellation);
        }
        catch (DownloadException failure)
        {
            throw new DataFetchException(known.Name, $"the download failed: {failure.Message}; try again with 'eigenscope data fetch {known.Name}', or put {known.FileNames} into {folder}", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DataFetchException(known.Name, $"cannot be written into {folder}: {failure.Message}", failure);
        }
    }

    private static List<FetchedFile> Run(KnownDataset known, string folder, FileDownloader downloader, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        double total = known.Files.Sum(file => file.Bytes);
        long before = 0;
        List<FetchedFile> fetched = [];
        foreach (RemoteFile file in known.Files)
        {
            cancellation.ThrowIfCancellationRequested();
            string path = Path.Combine(folder, file.Name);
            bool isHere = IsRight(file, path);
            long start = before;
            if (!isHere)
                downloader.Download(file, path, received => progress?.Report(new DownloadProgress(file.Name, received, file.Bytes, (start + received) / total)), cancellation);
            fetched.Add(new FetchedFile(file, !isHere));
            before += file.Bytes;
        }
        return fetched;
    }

    private static bool IsRight(RemoteFile file, string path)
    {
        try
        {
            return File.Exists(path) && (file.ContentSha256 is { } content
                ? string.Equals(FileDigest.ContentSha256(path), content, StringComparison.Ordinal)
                : string.Equals(FileDigest.Md5(path), file.Md5, StringComparison.Ordinal));
        }
        catch (DataFormatException)
        {
            return false;
        }
    }
}
