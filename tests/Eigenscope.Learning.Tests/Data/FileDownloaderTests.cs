using System.Security.Cryptography;
using Eigenscope.Learning.Data;

namespace Eigenscope.Learning.Tests.Data;

public sealed class FileDownloaderTests : IDisposable
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 300_000).Select(i => (byte)((i * 2654435761L) >> 13))];
    private static readonly string Md5 = Convert.ToHexStringLower(MD5.HashData(Content));
    private readonly Eigenscope.Testing.Files.TemporaryFolder _folder = new();

    private string Target => _folder["file.gz"];

    private string Part => _folder["file.gz.part"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_good_file_arrives_whole_under_its_name()
    {
        using LoopbackServer server = LoopbackServer.Of(Content);
        List<long> received = [];

        Download(server, received: received.Add);

        Assert.Equal(Content, File.ReadAllBytes(Target));
        Assert.Equal(["file.gz"], _folder.Entries);
        Assert.Equal(Content.Length, received[^1]);
        Assert.Equal(received.Order(), received);
        Assert.False(Assert.Single(server.Requests).HasRange);
    }

    [Fact]
    public void A_wrong_checksum_keeps_nothing_and_leaves_what_was_there()
    {
        byte[] other = [.. Content];
        other[1000] ^= 1;
        using LoopbackServer server = LoopbackServer.Of(other);
        _folder.Write("file.gz", "before");

        DownloadException error = Assert.Throws<DownloadException>(() => Download(server));

        Assert.StartsWith($"{server.Address("file.gz")}: what came has another checksum", error.Message, StringComparison.Ordinal);
        Assert.Equal("before", File.ReadAllText(Target));
        Assert.Equal(["file.gz"], _folder.Entries);
    }

    [Fact]
    public void A_connection_that_is_cut_is_made_again_from_where_it_broke()
    {
        using LoopbackServer server = new((request, stream, cancellation) => LoopbackServer.SendAsync(stream, Content, request, request.HasRange ? Content.Length : 120_000, cancellation));

        Download(server);

        Assert.Equal(Content, File.ReadAllBytes(Target));
        Assert.Equal([0, 120_000], server.Requests.Select(request => request.Start));
    }

    [Fact]
    public void A_download_that_was_given_up_goes_on_in_the_next_attempt()
    {
        using LoopbackServer cut = new((request, stream, cancellation) => LoopbackServer.SendAsync(stream, Content, request, 120_000, cancellation));
        DownloadException error = Assert.Throws<DownloadException>(() => Download(cut));
        Assert.True(error.IsInterruption);
        Assert.Equal(Content[..120_000], File.ReadAllBytes(Part));
        Assert.Equal(["file.gz.part"], _folder.Entries);
        using LoopbackServer server = LoopbackServer.Of(Content);

        Download(server);

        Assert.Equal([120_000], server.Requests.Select(request => request.Start));
        Assert.Equal(Content, File.ReadAllBytes(Target));
        Assert.Equal(["file.gz"], _folder.Entries);
    }

    [Fact]
    public void A_server_without_ranges_sends_the_whole_file_again()
    {
        _folder.Write("file.gz.part", Content[..5000]);
        using LoopbackServer server = new((request, stream, cancellation) => LoopbackServer.SendAsync(stream, Content, new("", 0, false), Content.Length, cancellation));

        Download(server);

        Assert.True(Assert.Single(server.Requests).HasRange);
        Assert.Equal(Content, File.ReadAllBytes(Target));
    }

    [Fact]
    public void What_an_earlier_attempt_left_of_another_file_costs_one_more_download()
    {
        _folder.Write("file.gz.part", new byte[5000]);
        using LoopbackServer server = LoopbackServer.Of(Content);

        Download(server);

        Assert.Equal([5000, 0], server.Requests.Select(request => request.Start));
        Assert.Equal(Content, File.ReadAllBytes(Target));
    }

    [Fact]
    public void A_whole_part_needs_no_request_and_a_longer_one_is_dropped()
    {
        using LoopbackServer server = LoopbackServer.Of(Content);
        _folder.Write("file.gz.part", Content);
        Download(server);
        Assert.Empty(server.Requests);
        Assert.Equal(Content, File.ReadAllBytes(Target));

        _folder.Write("file.gz.part", [.. Content, 1]);
        Download(server);
        Assert.False(Assert.Single(server.Requests).HasRange);
        Assert.Equal(Content, File.ReadAllBytes(Target));
    }

    [Theory]
    [InlineData("404 Not Found", "the server answered 404 (Not Found)")]
    [InlineData("503 Busy", "the server answered 503 (Busy)")]
    [InlineData("200 OK", "expected 300000 bytes, the server has 0")]
    public void A_refusal_and_a_file_of_another_length_are_told_at_once(string status, string problem)
    {
        using LoopbackServer server = new((_, stream, cancellation) => LoopbackServer.SendHeadAsync(stream, status, 0, "X-Nothing: 1", cancellation));

        DownloadException error = Assert.Throws<DownloadException>(() => Download(server));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.False(error.IsInterruption);
        Assert.Single(server.Requests);
        Assert.Empty(_folder.Entries);
    }

    [Fact]
    public void More_than_the_file_has_is_not_taken()
    {
        using LoopbackServer server = new(async (_, stream, cancellation) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"u8.ToArray(), cancellation);
            await stream.WriteAsync((byte[])[.. Content, .. Content], cancellation);
        });

        Assert.Contains("more came", Assert.Throws<DownloadException>(() => Download(server)).Message, StringComparison.Ordinal);
        Assert.Empty(_folder.Entries);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public void A_server_that_sends_nothing_more_is_given_up(int sent)
    {
        using LoopbackServer server = new(async (request, stream, cancellation) =>
        {
            if (sent > 0 && !request.HasRange)
                await LoopbackServer.SendAsync(stream, Content, request, sent, cancellation);
            await Task.Delay(Timeout.Infinite, cancellation);
        });

        DownloadException error = Assert.Throws<DownloadException>(() => Download(server, new DownloadOptions { StallTimeout = TimeSpan.FromSeconds(0.3), Reconnections = 0 }));

        Assert.Contains("nothing came for 0.3 s", error.Message, StringComparison.Ordinal);
        Assert.Equal(sent > 0 ? ["file.gz.part"] : [], _folder.Entries);
    }

    [Fact]
    public void Where_nobody_listens_it_fails_in_one_line()
    {
        Uri gone;
        using (LoopbackServer server = LoopbackServer.Of(Content))
            gone = server.Address("file.gz");

        DownloadException error = Assert.Throws<DownloadException>(() => Download(gone, new DownloadOptions()));

        Assert.Contains("no connection", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Empty(_folder.Entries);
    }

    [Fact]
    public void A_cancelled_download_keeps_what_has_come()
    {
        using CancellationTokenSource stop = new();
        using LoopbackServer server = new(async (request, stream, cancellation) =>
        {
            await LoopbackServer.SendAsync(stream, Content, request, 100_000, cancellation);
            await Task.Delay(Timeout.Infinite, cancellation);
        });

        Assert.ThrowsAny<OperationCanceledException>(() => Download(
            server,
            received: count =>
            {
                if (count == 100_000)
                    stop.Cancel();
            },
            cancellation: stop.Token));

        Assert.Equal(["file.gz.part"], _folder.Entries);
        Assert.Equal(Content[..100_000], File.ReadAllBytes(Part));
    }

    [Fact]
    public void Two_programs_do_not_write_the_same_file()
    {
        using LoopbackServer server = LoopbackServer.Of(Content);
        using FileStream other = new(Part, FileMode.Create, FileAccess.ReadWrite, FileShare.None);

        Assert.Contains("another program", Assert.Throws<IOException>(() => Download(server)).Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Part));
    }

    private void Download(LoopbackServer server, DownloadOptions? options = null, Action<long>? received = null, CancellationToken cancellation = default) =>
        Download(server.Address("file.gz"), options ?? new DownloadOptions(), received, cancellation);

    private void Download(Uri address, DownloadOptions options, Action<long>? received = null, CancellationToken cancellation = default) =>
        new FileDownloader(options, TimeProvider.System, () => new SocketsHttpHandler { UseProxy = false })
            .Download(new RemoteFile("file.gz", address, Content.Length, Md5), Target, received, cancellation);
}
