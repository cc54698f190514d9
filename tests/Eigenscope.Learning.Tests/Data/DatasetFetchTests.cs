using System.Security.Cryptography;
using Eigenscope.Learning.Data;

namespace Eigenscope.Learning.Tests.Data;

/// <summary>Bringing data sets here and checking them, with a small data set in the place of a published one.</summary>
public sealed class DatasetFetchTests : IDisposable
{
    private static readonly byte[] Images = TemporaryFolder.Idx([.. Enumerable.Range(0, 20).Select(i => (byte)i)], 10, 1, 2);
    private static readonly byte[] Labels = TemporaryFolder.Idx([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 10);
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, byte[]> _served = new(StringComparer.Ordinal)
    {
        ["/train-images-idx3-ubyte.gz"] = TemporaryFolder.Gzip(Images),
        ["/train-labels-idx1-ubyte.gz"] = TemporaryFolder.Gzip(Labels),
    };

    private readonly LoopbackServer _server;

    public DatasetFetchTests() => _server = new LoopbackServer((request, stream, cancellation) => _served.TryGetValue(request.Path, out byte[]? content)
        ? LoopbackServer.SendAsync(stream, content, request, content.Length, cancellation)
        : LoopbackServer.SendHeadAsync(stream, "404 Not Found", 0, "X-Nothing: 1", cancellation));

    private DataLocations Locations => new(_folder["data"], _folder["cache"], _folder["system"])
    {
        Downloader = new FileDownloader(new DownloadOptions(), TimeProvider.System, () => new SocketsHttpHandler { UseProxy = false }),
    };

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Missing_and_wrong_files_are_downloaded_and_right_ones_are_not()
    {
        List<DownloadProgress> progress = [];
        Assert.Equal([true, true], DatasetFetch.Run(Small(), Locations, new Recorder(progress.Add), CancellationToken.None).Select(file => file.WasDownloaded));
        Assert.Equal(1.0, progress[^1].Fraction);
        Assert.Equal(["/train-labels-idx1-ubyte.gz", "/train-images-idx3-ubyte.gz"], _server.Requests.Select(request => request.Path));
        Assert.Equal([false, false], Fetch());

        _folder.Write("cache/small/train-labels-idx1-ubyte.gz", "damaged");
        Assert.Equal([true, false], Fetch());
        Assert.Equal(_served["/train-labels-idx1-ubyte.gz"], File.ReadAllBytes(_folder["cache/small/train-labels-idx1-ubyte.gz"]));
    }

    [Fact]
    public void A_copy_that_was_compressed_otherwise_counts()
    {
        _folder.Write("cache/small/train-images-idx3-ubyte.gz", Images);
        _folder.Write("cache/small/train-labels-idx1-ubyte.gz", Labels);

        Assert.Equal([false, false], Fetch());
        Assert.All(DatasetCheck.Run(Small(), _folder["cache/small"], CancellationToken.None), file => Assert.Equal(FileState.Right, file.State));
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public void Checking_tells_right_wrong_and_missing_files()
    {
        _folder.Write("cache/small/train-images-idx3-ubyte.gz", _served["/train-images-idx3-ubyte.gz"]);
        IReadOnlyList<CheckedFile> found = DatasetCheck.Run(Small(), _folder["cache/small"], CancellationToken.None);
        Assert.Equal(["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"], found.Select(file => file.Name));
        Assert.Equal([FileState.Right, FileState.Missing], found.Select(file => file.State));

        _folder.Write("cache/small/train-labels-idx1-ubyte.gz", TemporaryFolder.Gzip(Images));
        CheckedFile wrong = DatasetCheck.Run(Small(), _folder["cache/small"], CancellationToken.None)[1];
        Assert.Equal(FileState.Wrong, wrong.State);
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(Images)), wrong.Detail, StringComparison.Ordinal);

        _folder.Write("cache/small/train-labels-idx1-ubyte.gz", _served["/train-labels-idx1-ubyte.gz"][..^3]);
        Assert.Contains("truncated or damaged", DatasetCheck.Run(Small(), _folder["cache/small"], CancellationToken.None)[1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fetch_that_fails_says_what_to_do_and_leaves_nothing_that_counts_as_the_data_set()
    {
        _served.Remove("/train-images-idx3-ubyte.gz");

        DataFetchException error = Assert.Throws<DataFetchException>(() => Fetch());

        Assert.StartsWith("small: the download failed: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("answered 404", error.Message, StringComparison.Ordinal);
        Assert.Contains("eigenscope data fetch small", error.Message, StringComparison.Ordinal);
        Assert.Null(Small().Locate(Locations));
    }

    [Fact]
    public void A_known_name_is_downloaded_at_last_and_a_failure_is_one_clear_error()
    {
        DataLocations locations = Locations with { Downloader = new FileDownloader(new DownloadOptions(), TimeProvider.System, () => new Redirected(_server.Address(""))) };

        DataException error = Assert.Throws<DataException>(() => DataCatalog.Load("mnist", new DataOptions(), locations, new Numerics.Randomness.RandomStream(0)));

        Assert.StartsWith("mnist: not on this machine, and the download failed: https://", error.Message, StringComparison.Ordinal);
        Assert.Contains("eigenscope data fetch mnist", error.Message, StringComparison.Ordinal);
        Assert.Contains(_folder["cache/mnist"], error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(_server.Requests);
    }

    [Fact]
    public void What_is_in_another_folder_or_built_in_is_not_fetched()
    {
        _folder.Write("system/mnist/train-images-idx3-ubyte", Images);
        _folder.Write("system/mnist/train-labels-idx1-ubyte", Labels);

        FetchedData mnist = DataFiles.Fetch("mnist", Locations, null, CancellationToken.None);

        Assert.Equal(_folder["system/mnist"], mnist.Location);
        Assert.Empty(mnist.Files);
        Assert.Equal("embedded", DataFiles.Fetch("digits", Locations, null, CancellationToken.None).Location);
        Assert.Equal(FileState.Right, DataFiles.Verify("digits", Locations, CancellationToken.None).State);
        Assert.Empty(DataFiles.Verify("gaussian", Locations, CancellationToken.None).Files);
        Assert.Equal(FileState.Wrong, DataFiles.Verify("mnist", Locations, CancellationToken.None).State);
        Assert.Contains("did you mean mnist?", Assert.Throws<DataException>(() => DataFiles.Verify("minst", Locations, CancellationToken.None)).Message, StringComparison.Ordinal);
        Assert.Contains("not on this machine", Assert.Throws<DataException>(() => DataFiles.Verify("svhn", Locations, CancellationToken.None)).Message, StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public void An_incomplete_folder_does_not_hide_a_complete_one()
    {
        _folder.Write("cache/mnist/train-images-idx3-ubyte.gz.part", Images);
        _folder.Write("cache/mnist/train-labels-idx1-ubyte", Labels);
        _folder.Write("system/mnist/train-images-idx3-ubyte", Images);
        _folder.Write("system/mnist/train-labels-idx1-ubyte", Labels);

        Assert.Equal(_folder["system/mnist"], DataCatalog.List(Locations).Single(info => info.Name is "mnist").Location);
    }

    private IEnumerable<bool> Fetch() => DatasetFetch.Run(Small(), Locations, null, CancellationToken.None).Select(file => file.WasDownloaded);

    private KnownDataset Small() => KnownDataset.All[0] with { Name = "small", Files = [Remote("train-labels-idx1-ubyte.gz", Labels), Remote("train-images-idx3-ubyte.gz", Images)] };

    private RemoteFile Remote(string name, byte[] content)
    {
        byte[] packed = TemporaryFolder.Gzip(content);
        return new RemoteFile(name, _server.Address(name), packed.Length, Convert.ToHexStringLower(MD5.HashData(packed)), Convert.ToHexStringLower(SHA256.HashData(content)));
    }

    private sealed class Recorder(Action<DownloadProgress> record) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => record(value);
    }

    // Whatever is asked for is asked of the loopback server.
    private sealed class Redirected(Uri server) : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new Uri(server, request.RequestUri!.AbsolutePath);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
