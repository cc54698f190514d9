using System.Net;
using System.Text.Json;
using Eigenscope.Cli.Tests.Support;
using Eigenscope.Experiments.Runs;
using Eigenscope.Testing.Files;
using Eigenscope.Testing.Json;

namespace Eigenscope.Cli.Tests;

/// <summary>Data sets on the command line; what would go to the network is answered by the test.</summary>
public sealed class DataCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<Uri> _asked = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("fetch")]
    [InlineData("verify")]
    public void An_unknown_name_is_refused_with_the_nearest(string command) => Line().Run("data", command, "minst").AssertRefused("minst: unknown data set (did you mean mnist?)");

    [Theory]
    [InlineData("fetch")]
    [InlineData("verify")]
    public void A_name_is_needed(string command) => Line().Run("data", command).AssertRefused("NAME");

    [Fact]
    public void Verifying_what_is_not_here_is_refused_with_what_to_do() => Line().Run("data", "verify", "svhn").AssertRefused("svhn: not on this machine: run 'eigenscope data fetch svhn'");

    [Theory]
    [InlineData("digits", "embedded", 1)]
    [InlineData("gaussian", "synthetic", 0)]
    public void What_is_part_of_the_program_is_right_and_needs_no_download(string name, string location, int files)
    {
        CommandLineOutcome verified = Line().Run("data", "verify", name, "--json", "-");
        CommandLineOutcome fetched = Line().Run("data", "fetch", name, "--json", "-");

        AssertConforms(verified, ExitCode.Done);
        AssertConforms(fetched, ExitCode.Done);
        Assert.Equal("ok", verified.Json.GetProperty("result").GetProperty("status").GetString());
        Assert.Equal(location, verified.Json.GetProperty("result").GetProperty("location").GetString());
        Assert.Equal(files, verified.Json.GetProperty("result").GetProperty("files").GetArrayLength());
        Assert.Equal(0, fetched.Json.GetProperty("result").GetProperty("files").GetArrayLength());
        Assert.Empty(_asked);
    }

    [Fact]
    public void A_wrong_checksum_is_shown_and_exits_with_1()
    {
        _folder.Write("data/mnist/train-images-idx3-ubyte.gz", "not the images");
        _folder.Write("data/mnist/train-labels-idx1-ubyte.gz", "not the labels");

        CommandLineOutcome shown = Line().Run("data", "verify", "mnist");
        CommandLineOutcome outcome = Line().Run("data", "verify", "mnist", "--json", "-");

        Assert.Equal(ExitCode.Failed, shown.ExitCode);
        Assert.Contains("train-images-idx3-ubyte.gz is wrong", shown.Error, StringComparison.Ordinal);
        Assert.Contains("expected ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db", shown.Output, StringComparison.Ordinal);
        AssertConforms(outcome, ExitCode.Failed);
        JsonElement result = outcome.Json.GetProperty("result");
        Assert.Equal("wrong", result.GetProperty("status").GetString());
        Assert.Equal(["wrong", "wrong", "missing", "missing"], result.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("status").GetString()));
    }

    [Fact]
    public void A_part_of_cifar_is_said_to_be_one()
    {
        byte[] records = new byte[3073 * 10];
        for (int i = 0; i < 10; i++)
            records[3073 * i] = (byte)i;
        foreach (string name in new[] { "data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin" })
            _folder.Write($"data/cifar10/{name}", records);

        CommandLineOutcome outcome = Line().Run("data", "verify", "cifar10", "--json", "-");

        AssertConforms(outcome, ExitCode.Done);
        Assert.Equal("partial", outcome.Json.GetProperty("result").GetProperty("status").GetString());
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, "the server answered 404")]
    [InlineData(HttpStatusCode.OK, "expected 4542 bytes, the server has 3")]
    public void A_fetch_that_fails_exits_with_1_and_leaves_nothing(HttpStatusCode status, string problem)
    {
        CommandLineOutcome outcome = Line((_, _) => Answer(status, [1, 2, 3])).Run("data", "fetch", "mnist", "--json", "-");

        outcome.AssertFailed(ExitCode.Failed, "mnist: the download failed: https://", problem, "put train-images-idx3-ubyte.gz");
        Assert.Single(_asked);
        Assert.Empty(Directory.GetFiles(_folder["home/data/mnist"]));
    }

    [Fact]
    public void A_wrong_checksum_is_not_kept()
    {
        CommandLineOutcome outcome = Line((_, _) => Answer(HttpStatusCode.OK, new byte[4542])).Run("data", "fetch", "mnist");

        outcome.AssertFailed(ExitCode.Failed, "another checksum", "ec29112dd5afa0611ce80d1b7f02629c");
        Assert.Empty(Directory.GetFiles(_folder["home/data/mnist"]));
    }

    [Fact]
    public void An_interrupted_fetch_keeps_what_has_come_and_exits_with_130()
    {
        using CancellationTokenSource interruption = new();
        CommandLine line = Line((_, _) => Answer(HttpStatusCode.OK, new StreamContent(new Interrupting(interruption)) { Headers = { ContentLength = 4542 } }));

        CommandLineOutcome outcome = line.Run(interruption.Token, "data", "fetch", "mnist");

        outcome.AssertFailed(ExitCode.Interrupted, "interrupted");
        Assert.Equal(1000, new FileInfo(_folder["home/data/mnist/t10k-labels-idx1-ubyte.gz.part"]).Length);
    }

    [Fact]
    public void A_study_downloads_what_is_missing_and_says_what_to_do_where_it_cannot()
    {
        CommandLineOutcome outcome = Line((_, _) => throw new HttpRequestException("Name or service not known")).Run("study", "--data", "fashion-mnist");

        outcome.AssertRefused("--data fashion-mnist: fashion-mnist: not on this machine, and the download failed: http://", "Name or service not known", "eigenscope data fetch fashion-mnist", _folder["home/data/fashion-mnist"]);
        Assert.Single(_asked);
    }

    [Fact]
    public void What_another_folder_has_is_not_downloaded()
    {
        _folder.Write("data/svhn/train_32x32.mat", []);

        CommandLineOutcome outcome = Line((_, _) => Answer(HttpStatusCode.NotFound, [])).Run("data", "fetch", "svhn");

        Assert.Equal(ExitCode.Done, outcome.ExitCode);
        Assert.Contains($"svhn needs no download: it is in {_folder["data/svhn"]}", outcome.Output, StringComparison.Ordinal);
        Assert.Empty(_asked);
    }

    private static void AssertConforms(CommandLineOutcome outcome, int code)
    {
        Assert.Equal(code, outcome.ExitCode);
        Assert.Equal("", outcome.Output);
        Assert.Empty(PublishedSchema.Problems(outcome.Json));
    }

    private static HttpResponseMessage Answer(HttpStatusCode status, byte[] content) => Answer(status, new ByteArrayContent(content));

    private static HttpResponseMessage Answer(HttpStatusCode status, HttpContent content) => new(status) { Content = content };

    private CommandLine Line(Func<HttpRequestMessage, CancellationToken, HttpResponseMessage>? answer = null)
    {
        CommandLine line = new() { Network = answer is null ? null : new NetworkAccess(TimeProvider.System, () => new Answering(answer, _asked)) };
        line.Variables["EIGENSCOPE_HOME"] = _folder["home"];
        line.Variables["EIGENSCOPE_DATA"] = _folder["data"];
        line.Variables["EIGENSCOPE_BLAS"] = "managed";
        return line;
    }

    private sealed class Answering(Func<HttpRequestMessage, CancellationToken, HttpResponseMessage> answer, List<Uri> asked) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            asked.Add(request.RequestUri!);
            return Task.FromResult(answer(request, cancellationToken));
        }
    }

    // Gives a thousand bytes, and then the user presses Ctrl-C.
    private sealed class Interrupting(CancellationTokenSource interruption) : MemoryStream(new byte[1000])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = await base.ReadAsync(buffer, cancellationToken);
            if (read > 0)
                return read;
            await interruption.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
            return 0;
        }
    }
}
