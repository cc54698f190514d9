using Eigenscope.Cli.Tests.Support;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Testing.Files;
using Eigenscope.Testing.Json;

namespace Eigenscope.Cli.Tests;

/// <summary><c>study --save</c> and <c>compress</c>, from arguments to files.</summary>
public sealed class CompressCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Options_reach_compress()
    {
        CompressOptions? seen = null;
        CommandLine line = new() { Services = new CliServices { ValidateCompress = (_, _) => { }, Compress = (options, _, _, _, _) => { seen = options; return Reports.Create(); } } };

        line.Run("compress", "a.npz", "--data", "b.csv", "--max-accuracy-drop", "0.02", "--rank", "3", "--energy", "0.9", "--theory", "--validation-fraction", "0.3", "--fine-tune-epochs", "4", "--learning-rate", "1e-3", "--loss", "mse", "--weight-decay", "0.1");

        Assert.Equal(new CompressOptions { Model = "a.npz", Data = "b.csv", MaxAccuracyDrop = 0.02, Rank = 3, Energy = 0.9, Theory = true, ValidationFraction = 0.3, FineTuneEpochs = 4, LearningRate = 1e-3, Loss = "mse", WeightDecay = 0.1 }, seen);
        line.Run("compress", "a.npz");
        Assert.Equal(new CompressOptions { Model = "a.npz" }, seen);
    }

    [Fact]
    public void A_study_is_saved_and_compressed()
    {
        CommandLine line = new();
        CommandLineOutcome trained = line.Run("study", "--width", "12", "--depth", "2", "--epochs", "2", "--restarts", "0", "--operators", "none", "--samples", "200", "--test-fraction", "0.2", "--save", _folder["model.npz"], "--quiet");
        Assert.Equal((0, ""), (trained.ExitCode, trained.Error));
        CommandLineOutcome compressed = line.Run("compress", _folder["model.npz"], "--rank", "4", "--out", _folder["small.npz"], "--json", "-");
        Assert.Equal((0, ""), (compressed.ExitCode, compressed.Error));
        Assert.Empty(PublishedSchema.Problems(compressed.Json));
        Assert.Equal("compress", compressed.Json.GetProperty("command").GetString());
        Assert.Equal(["model.npz", "small.npz"], _folder.Entries);
    }

    [Fact]
    public void A_study_is_saved_as_ONNX_and_that_is_compressed()
    {
        CommandLine line = new();
        CommandLineOutcome trained = line.Run("study", "--width", "12", "--depth", "2", "--epochs", "2", "--restarts", "0", "--operators", "none", "--samples", "200", "--save", _folder["model.onnx"], "--quiet");
        Assert.Equal((0, ""), (trained.ExitCode, trained.Error));
        CommandLineOutcome compressed = line.Run("compress", _folder["model.onnx"], "--data", "digits", "--rank", "4", "--out", _folder["small.onnx"], "--json", "-");
        Assert.Equal((0, ""), (compressed.ExitCode, compressed.Error));
        Assert.Empty(PublishedSchema.Problems(compressed.Json));
        Assert.Equal("onnx", compressed.Json.GetProperty("config").GetProperty("format").GetString());
        CommandLineOutcome again = line.Run("compress", _folder["small.onnx"], "--data", "digits", "--rank", "2", "--quiet");
        Assert.Equal((0, ""), (again.ExitCode, again.Error));
        Assert.Equal(["model.onnx", "small.onnx"], _folder.Entries);
    }

    [Fact]
    public void What_is_wrong_with_an_ONNX_model_is_told_before_anything_is_read()
    {
        CommandLine line = new();
        string model = _folder.Write("m.onnx", "no model");
        line.Run("compress", model, "--out", _folder["small.onnx"]).AssertRefused("--data must be given", "m.onnx");
        line.Run("compress", model, "--data", "digits", "--out", _folder["small.npz"]).AssertRefused("--out", ".onnx", "small.npz");
        line.Run("compress", model, "--data", "digits", "--out", _folder["small.pt"]).AssertRefused("--out", ".npz or .onnx", "small.pt");
        line.Run("compress", model, "--data", "digits", "--fine-tune-epochs", "2").AssertRefused("--learning-rate must be given with --fine-tune-epochs", "m.onnx");
        line.Run("compress", model, "--data", "digits", "--loss", "hinge").AssertRefused("--loss must be");
        line.Run("compress", model, "--data", "digits").AssertRefused("m.onnx");
        line.Run("compress", "other.npz", "--loss", "mse").AssertRefused("--loss must be left out");
        line.Run("compress", model, "--data", "digits", "--out", model).AssertRefused("--out", "the model that is read");
        Assert.Equal(["m.onnx"], _folder.Entries);
    }

    [Fact]
    public void What_is_wrong_is_told_in_one_line_before_anything_is_written()
    {
        CommandLine line = new();
        line.Run("compress").AssertRefused("MODEL");
        line.Run("compress", _folder["missing.npz"], "--out", _folder["small.npz"]).AssertRefused("missing.npz");
        string damaged = _folder.Write("damaged.npz", "no archive");
        line.Run("compress", damaged).AssertRefused("damaged.npz", "study --save");
        line.Run("compress", damaged, "--rank", "-1").AssertRefused("--rank must be at least 1");
        line.Run("compress", damaged, "--energy", "2").AssertRefused("--energy must be a share in (0, 1]");
        line.Run("compress", damaged, "--rank", "2", "--theory").AssertRefused("--rank and --theory");
        line.Run("compress", damaged, "--out", damaged).AssertRefused("--out", "the model that is read");
        line.Run("compress", damaged, "--out", _folder["no/folder.npz"]).AssertRefused("--out", "there is no folder");
        line.Run("compress", damaged, "--out", _folder["small.bin"]).AssertRefused("--out", ".npz or .onnx", "small.bin");
        line.Run("compress", damaged, "--arrays", "a.npz").AssertRefused("--arrays");
        Assert.Equal(["damaged.npz"], _folder.Entries);
    }
}
