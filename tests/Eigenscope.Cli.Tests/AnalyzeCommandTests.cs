using Eigenscope.Cli.Tests.Support;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Testing.Files;
using Eigenscope.Testing.Json;

namespace Eigenscope.Cli.Tests;

/// <summary><c>analyze</c>, from arguments to files.</summary>
public sealed class AnalyzeCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Options_reach_analyze()
    {
        AnalyzeOptions? seen = null;
        CommandLine line = new() { Services = new CliServices { ValidateAnalyze = (_, _) => { }, Analyze = (options, _, _, _, _) => { seen = options; return Reports.Create(); } } };

        line.Run(
            "analyze", "a.npz", "--data", "b.csv", "--samples", "9", "--standardize", "--loss", "mse", "--targets", "plus-minus-one", "--weight-decay", "0.1", "--operators", "layers", "--scopes", "1.*", "--include-weight-decay",
            "--model", "lenet5", "--names", "map.json", "--classes", "7", "--width", "3", "--depth", "2", "--activation", "tanh", "--no-biases", "--channels", "4", "--head-depth", "1", "--head-width", "6", "--head-activation", "gelu",
            "--density", "--nfa-exponent", "0.7", "--agop-centred", "--convolution-spectrum", "--no-halves", "--no-agop", "--batch", "4", "--memory", "1GB", "--top", "5", "--bottom", "2", "--tolerance", "1e-3", "--store", "runs");

        Assert.Equal(
            new AnalyzeOptions
            {
                Model = "a.npz",
                Data = "b.csv",
                Samples = 9,
                Standardize = true,
                Loss = "mse",
                Targets = "plus-minus-one",
                WeightDecay = 0.1,
                Operators = "layers",
                Scopes = "1.*",
                IncludeWeightDecay = true,
                Architecture = "lenet5",
                Names = "map.json",
                Classes = 7,
                Width = 3,
                Depth = 2,
                Activation = "tanh",
                Biases = false,
                Channels = 4,
                HeadDepth = 1,
                HeadWidth = 6,
                HeadActivation = "gelu",
                Density = true,
                NfaExponent = 0.7,
                AgopCentred = true,
                ConvolutionSpectrum = true,
                NoHalves = true,
                NoAgop = true,
                Batch = 4,
                Memory = "1GB",
                Top = 5,
                Bottom = 2,
                Tolerance = 1e-3,
                Store = "runs",
            },
            seen);
        line.Run("analyze", "a.npz");
        Assert.Equal(new AnalyzeOptions { Model = "a.npz" }, seen);
    }

    [Fact]
    public void A_study_is_saved_and_analysed()
    {
        string model = Save();
        CommandLineOutcome analysed = new CommandLine().Run("analyze", model, "--no-halves", "--batch", "7", "--arrays", _folder["arrays.npz"], "--json", "-");
        Assert.Equal((0, ""), (analysed.ExitCode, analysed.Error));
        Assert.Empty(PublishedSchema.Problems(analysed.Json));
        Assert.Equal("analyze", analysed.Json.GetProperty("command").GetString());
        Assert.Equal(7, analysed.Json.GetProperty("config").GetProperty("batch").GetInt32());
        Assert.Equal(["arrays.npz", "model.npz"], _folder.Entries);
    }

    [Fact]
    public void What_is_wrong_with_options_is_told_at_once_before_files_are_read()
    {
        CommandLine line = new();
        line.Run("analyze").AssertRefused("MODEL");
        line.Run("analyze", "missing.npz", "--loss", "hinge", "--top", "0", "--batch", "0", "--operators", "hessian,trace", "--memory", "much").AssertRefused("--loss must be cross-entropy or mse, got 'hinge'", "--top", "--batch", "'trace'", "--memory");
        line.Run("analyze", "missing.npz", "--operators", "layers", "--bottom", "3", "--density").AssertRefused("--bottom", "--density");
        line.Run("analyze", "missing.npz", "--width", "3", "--names", "map.json").AssertRefused("--width must be left out without --model", "--names");
        line.Run("analyze", "missing.npz", "--model", "lenet5", "--width", "3").AssertRefused("--data must be given with --model", "--width must be left out");
        line.Run("analyze", "missing.npz", "--loss", "cross-entropy", "--targets", "one-hot").AssertRefused("--targets must be left out");
    }

    [Fact]
    public void Models_that_are_none_are_refused_by_name()
    {
        CommandLine line = new();
        line.Run("analyze", _folder["missing.npz"]).AssertRefused("missing.npz", "no such file", "study --save");
        line.Run("analyze", _folder.Write("model.pth", "…")).AssertRefused("model.pth", "unknown kind of model", "study --save");
        line.Run("analyze", _folder.Write("damaged.npz", "no archive")).AssertRefused("damaged.npz", "study --save");
        line.Run("analyze", _folder.Write("weights.safetensors", "…")).AssertRefused("weights.safetensors", "--model", "--names");
        line.Run("analyze", Save(), "--samples", "3").AssertRefused("--samples must be left out without --data");
    }

    [Fact]
    public void Labels_off_by_one_are_refused_with_what_to_do()
    {
        string data = _folder.Write("one.csv", string.Join('\n', Enumerable.Range(0, 30).Select(static i => string.Join(',', Enumerable.Repeat("0.5", 64)) + $",{(i % 10) + 1}")));
        new CommandLine().Run("analyze", Save(), "--data", data).AssertRefused("--data", "one.csv", "from 1 to 10, off by one", "save y - 1");
    }

    private string Save()
    {
        string path = _folder["model.npz"];
        CommandLineOutcome trained = new CommandLine().Run("study", "--width", "8", "--depth", "2", "--epochs", "2", "--restarts", "0", "--operators", "none", "--samples", "200", "--save", path, "--quiet");
        Assert.Equal((0, ""), (trained.ExitCode, trained.Error));
        return path;
    }
}
