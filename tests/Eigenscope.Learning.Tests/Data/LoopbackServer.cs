using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Eigenscope.Learning.Tests.Data;

/// <summary>A small HTTP server on this machine that behaves as a test tells it to; one request a connection.</summary>
public sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private readonly Func<Request, Stream, CancellationToken, Task> _answer;
    private readonly List<Request> _requests = [];

    public LoopbackServer(Func<Request, Stream, CancellationToken, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _loop = Task.Run(ServeAsync);
    }

    /// <summary>Bytes from which it sends, and whether the request asked for them.</summary>
    public sealed record Request(string Path, long Start, bool HasRange);

    public IReadOnlyList<Request> Requests => _requests;

    public Uri Address(string name) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/{name}"));

    /// <summary>A server that knows ranges.</summary>
    public static LoopbackServer Of(byte[] content) => new((request, stream, cancellation) => SendAsync(stream, content, request, content.Length, cancellation));

    /// <summary>Sends a file from where the request asks, but not beyond <paramref name="until"/>: then the connection ends.</summary>
    public static async Task SendAsync(Stream stream, byte[] content, Request request, int until, CancellationToken cancellation)
    {
        if (request.Start >= content.Length && request.HasRange)
        {
            await SendHeadAsync(stream, "416 Range Not Satisfiable", 0, $"Content-Range: bytes */{content.Length}", cancellation);
            return;
        }
        string range = request.HasRange ? $"Content-Range: bytes {request.Start}-{content.Length - 1}/{content.Length}" : "Accept-Ranges: bytes";
        await SendHeadAsync(stream, request.HasRange ? "206 Partial Content" : "200 OK", content.Length - request.Start, range, cancellation);
        await stream.WriteAsync(content.AsMemory((int)request.Start, until - (int)request.Start), cancellation);
    }

    public static Task SendHeadAsync(Stream stream, string status, long length, string header, CancellationToken cancellation) =>
        stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{header}\r\nConnection: close\r\n\r\n"), cancellation).AsTask();

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
        _loop.Wait(TimeSpan.FromSeconds(10));
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await using NetworkStream stream = client.GetStream();
                Request request = await ReadAsync(stream);
                _requests.Add(request);
                await _answer(request, stream, _stop.Token);
            }
            catch (Exception failure) when (failure is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The other side has gone, or the test is over.
            }
        }
    }

    private static async Task<Request> ReadAsync(Stream stream)
    {
        using StreamReader reader = new(stream, Encoding.ASCII, leaveOpen: true);
        string path = (await reader.ReadLineAsync() ?? "").Split(' ').ElementAtOrDefault(1) ?? "";
        long? start = null;
        for (string? line = await reader.ReadLineAsync(); !string.IsNullOrEmpty(line); line = await reader.ReadLineAsync())
        {
            if (line.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase))
                start = long.Parse(line["Range: bytes=".Length..^1], CultureInfo.InvariantCulture);
        }
        return new Request(path, start ?? 0, start is not null);
    }
}
