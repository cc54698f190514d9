using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Eigenscope.Learning.Data;

/// <summary>
/// Downloads files whose length and checksum are known. What has come lies beside the target under its name with <c>.part</c>, a later attempt goes on from there (HTTP Range, RFC 9110 § 14),
/// and the file appears under its own name when it is whole and right: never before.
/// </summary>
public sealed class FileDownloader
{
    private const int BufferBytes = 1 << 16;
    private readonly DownloadOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<HttpMessageHandler> _createHandler;

    /// <summary>Creates a downloader; nothing is connected yet.</summary>
    /// <param name="options">How patient it is.</param>
    /// <param name="time">The clock.</param>
    /// <param name="createHandler">Creates what sends requests, disposed after each file; null uses the network, through a proxy where the environment names one.</param>
    public FileDownloader(DownloadOptions options, TimeProvider time, Func<HttpMessageHandler>? createHandler = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.ConnectTimeout, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.StallTimeout, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.Reconnections, nameof(options));
        _options = options;
        _time = time;
        _createHandler = createHandler ?? (() => new SocketsHttpHandler { ConnectTimeout = _options.ConnectTimeout });
    }

    /// <summary>Downloads a file.</summary>
    /// <param name="file">What and from where.</param>
    /// <param name="path">Where it goes; replaced if it exists, and left as it was if anything fails. Its folder must exist.</param>
    /// <param name="received">Told the number of bytes that are here, or null.</param>
    /// <param name="cancellation">Stops at once; what has come stays for the next attempt.</param>
    /// <exception cref="DownloadException">No connection, a refusal, a stalled server, or content of another length or checksum.</exception>
    /// <exception cref="IOException">The file cannot be written, or another program is downloading it.</exception>
    /// <exception cref="UnauthorizedAccessException">No permission to write there.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Download(RemoteFile file, string path, Action<long>? received, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentException.ThrowIfNullOrEmpty(path);
        DownloadAsync(file, path, received, cancellation).GetAwaiter().GetResult();
    }

    private async Task DownloadAsync(RemoteFile file, string path, Action<long>? received, CancellationToken cancellation)
    {
        string part = $"{path}.part";
        FileStream stream = OpenPart(part);
        try
        {
            await using (stream.ConfigureAwait(false))
                await FillAsync(file, stream, received, cancellation).ConfigureAwait(false);
            File.Move(part, path, overwrite: true);
        }
        finally
        {
            if (new FileInfo(part) is { Exists: true, Length: 0 })
                File.Delete(part);
        }
    }

    private async Task FillAsync(RemoteFile file, FileStream stream, Action<long>? received, CancellationToken cancellation)
    {
        using HttpClient client = new(_createHandler()) { Timeout = Timeout.InfiniteTimeSpan };
        bool isResumed = stream.Length > 0;
        bool isRight = await CompleteAsync(client, file, stream, received, cancellation).ConfigureAwait(false);
        if (!isRight && isResumed)
        {
            // What an earlier attempt left may be of another file: once more from the beginning.
            stream.SetLength(0);
            isRight = await CompleteAsync(client, file, stream, received, cancellation).ConfigureAwait(false);
        }
        if (!isRight)
        {
            stream.SetLength(0);
            throw new DownloadException(file.Address, $"what came has another checksum than the data set's (md5 {file.Md5}); it was not kept");
        }
        stream.Flush(flushToDisk: true);
    }

    private static FileStream OpenPart(string part)
    {
        try
        {
            return new FileStream(part, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, BufferBytes, FileOptions.Asynchronous);
        }
        catch (IOException failure) when (File.Exists(part))
        {
            throw new IOException($"{part}: cannot be written; is another program downloading it? ({failure.Message})", failure);
        }
    }

    private async Task<bool> CompleteAsync(HttpClient client, RemoteFile file, FileStream stream, Action<long>? received, CancellationToken cancellation)
    {
        if (stream.Length > file.Bytes)
            stream.SetLength(0);
        for (int left = _options.Reconnections; stream.Length < file.Bytes; left--)
        {
            long before = stream.Length;
            try
            {
                await ReceiveAsync(client, file, stream, received, cancellation).ConfigureAwait(false);
            }
            catch (DownloadException broken) when (broken.IsInterruption && left > 0 && stream.Length > before)
            {
                // The next round goes on from here.
            }
        }
        stream.Position = 0;
        byte[] hash = await MD5.HashDataAsync(stream, cancellation).ConfigureAwait(false);
        return string.Equals(Convert.ToHexStringLower(hash), file.Md5, StringComparison.Ordinal);
    }

    private async Task ReceiveAsync(HttpClient client, RemoteFile file, FileStream stream, Action<long>? received, CancellationToken cancellation)
    {
        using CancellationTokenSource stalled = new(_options.StallTimeout, _time);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(stalled.Token, cancellation);
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Get, file.Address);
            if (stream.Length > 0)
                request.Headers.Range = new RangeHeaderValue(stream.Length, null);
            using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop.Token).ConfigureAwait(false);
            Prepare(file, response, stream);
            Stream content = await response.Content.ReadAsStreamAsync(stop.Token).ConfigureAwait(false);
            await using (content.ConfigureAwait(false))
                await CopyAsync(file, content, stream, received, () => stalled.CancelAfter(_options.StallTimeout), stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException failure) when (!cancellation.IsCancellationRequested)
        {
            throw new DownloadException(file.Address, FormattableString.Invariant($"nothing came for {_options.StallTimeout.TotalSeconds:0.###} s"), isInterruption: true, failure);
        }
        catch (Exception failure) when (failure is HttpRequestException or HttpIOException)
        {
            throw new DownloadException(file.Address, $"no connection, or it broke ({failure.Message})", isInterruption: true, failure);
        }
    }

    private static void Prepare(RemoteFile file, HttpResponseMessage response, FileStream stream)
    {
        long? offered = response.Content.Headers.ContentLength;
        switch (response.StatusCode)
        {
            case HttpStatusCode.PartialContent when response.Content.Headers.ContentRange is { } range && range.From == stream.Length:
                offered = range.Length ?? file.Bytes;
                stream.Position = stream.Length;
                break;
            case HttpStatusCode.OK:
                // A server that knows no ranges sends the whole file.
                stream.SetLength(0);
                break;
            case HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable:
                stream.SetLength(0);
                throw new DownloadException(file.Address, "the server sent another range than was asked for; what had come was dropped");
            default:
                throw new DownloadException(file.Address, FormattableString.Invariant($"the server answered {(int)response.StatusCode} ({response.ReasonPhrase})"));
        }
        if (offered is { } bytes && bytes != file.Bytes)
            throw new DownloadException(file.Address, FormattableString.Invariant($"expected {file.Bytes} bytes, the server has {bytes}"));
    }

    private static async Task CopyAsync(RemoteFile file, Stream content, FileStream stream, Action<long>? received, Action alive, CancellationToken stop)
    {
        byte[] buffer = new byte[BufferBytes];
        for (int read = await content.ReadAsync(buffer, stop).ConfigureAwait(false); read > 0; read = await content.ReadAsync(buffer, stop).ConfigureAwait(false))
        {
            alive();
            if (stream.Length + read > file.Bytes)
            {
                stream.SetLength(0);
                throw new DownloadException(file.Address, FormattableString.Invariant($"expected {file.Bytes} bytes, more came; nothing was kept"));
            }
            await stream.WriteAsync(buffer.AsMemory(0, read), CancellationToken.None).ConfigureAwait(false);
            received?.Invoke(stream.Length);
        }
        if (stream.Length < file.Bytes)
            throw new DownloadException(file.Address, FormattableString.Invariant($"the connection ended after {stream.Length} of {file.Bytes} bytes"), isInterruption: true);
    }
}
