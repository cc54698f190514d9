using Eigenscope.Cli.Tests.Support;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Testing.Files;
using Eigenscope.Testing.Json;

namespace Eigenscope.Cli.Tests;

/// <summary>The commands of kernel machines, from arguments to files.</summary>
public sealed class KernelCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Options_reach_deep_rfm()
    {
        DeepRfmRunOptions? seen = null;
        CommandLine line = new() { Services = new CliServices { ValidateDeepRfm = (_, _) => { }, DeepRfm = (options, _, _, _, _) => { seen = options; return Reports.Create(); } } };

        line.Run(
            "deep-rfm", "--data", "gaussian", "--samples", "9", "--test-fraction", "0.25", "--no-standardize", "--layers", "3", "--features", "cosine", "--width", "7", "--cauchy-scale", "0.1", "--rfm-iterations", "2",
            "--kernel", "power", "--bandwidth", "3", "--power", "1.5", "--ridge", "0.5", "--metric", "diagonal", "--agop-exponent", "0.5", "--agop-centred", "--agop-scaling", "none", "--memory", "1GB");

        KernelMachineOptions machine = new() { Kernel = "power", Bandwidth = 3.0, Power = 1.5, Ridge = 0.5, Metric = "diagonal", AgopExponent = 0.5, AgopCentred = true, AgopScaling = "none", Memory = "1GB" };
        DeepRfmRunOptions expected = new() { Data = "gaussian", Samples = 9, TestFraction = 0.25, Standardize = false, Layers = 3, Features = "cosine", Width = 7, CauchyScale = 0.1, RfmIterations = 2, Machine = machine };
        Assert.Equal(expected, seen);
        line.Run("deep-rfm");
        Assert.Equal(new DeepRfmRunOptions(), seen);
    }

    [Fact]
    public void Options_reach_rfm()
    {
        RfmRunOptions? seen = null;
        CommandLine line = new() { Services = new CliServices { ValidateRfm = (_, _) => { }, Rfm = (options, _, _, _, _) => { seen = options; return Reports.Create(); } } };

        line.Run(
            "rfm", "--data", "a.csv", "--regression", "--samples", "9", "--test-samples", "8", "--test-fraction", "0.25", "--validation-fraction", "0.5", "--patience", "3", "--standardize", "--targets", "plus-minus-one",
            "--iterations", "4", "--load", "b.npz", "--kernel", "gaussian");

        RfmRunOptions expected = new()
        {
            Data = "a.csv",
            Regression = true,
            Samples = 9,
            TestSamples = 8,
            TestFraction = 0.25,
            ValidationFraction = 0.5,
            Patience = 3,
            Standardize = true,
            Targets = "plus-minus-one",
            Iterations = 4,
            Load = "b.npz",
            Machine = new KernelMachineOptions { Kernel = "gaussian" },
        };
        Assert.Equal(expected, seen);
        line.Run("rfm");
        Assert.Equal(new RfmRunOptions(), seen);
    }

    [Fact]
    public void A_machine_is_saved_and_tested_later()
    {
        CommandLineOutcome fitted = new CommandLine().Run("rfm", "--data", "gaussian", "--iterations", "1", "--threads", "1", "--save", _folder["machine.npz"], "--json", "-");
        CommandLineOutcome loaded = new CommandLine().Run("rfm", "--data", "gaussian", "--threads", "1", "--load", _folder["machine.npz"], "--json", "-");

        Assert.Equal((0, ""), (fitted.ExitCode, fitted.Error));
        Assert.Equal((0, ""), (loaded.ExitCode, loaded.Error));
        Assert.Empty(PublishedSchema.Problems(fitted.Json));
        Assert.Empty(PublishedSchema.Problems(loaded.Json));
        Assert.Equal(["machine.npz"], _folder.Entries);
    }

    [Fact]
    public void The_network_of_deep_rfm_is_saved_beside_its_numbers()
    {
        CommandLineOutcome outcome = new CommandLine().Run("deep-rfm", "--samples", "120", "--layers", "2", "--width", "16", "--threads", "1", "--save", _folder["network.npz"], "--arrays", _folder["arrays.npz"], "--json", "-");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Empty(PublishedSchema.Problems(outcome.Json));
        Assert.Equal(["arrays.npz", "network.npz"], _folder.Entries);
    }

    [Fact]
    public void What_the_solver_cannot_solve_ends_with_its_own_words()
    {
        string data = _folder.Write("twins.csv", "1,2,0\n1,2,1\n3,4,0\n3,1,1\n");

        foreach (string command in (string[])["deep-rfm", "rfm"])
            new CommandLine().Run(command, "--data", data, "--ridge", "0", "--test-fraction", "0").AssertFailed(ExitCode.Failed, "points 0 and 1 coincide", "raise the ridge");
    }
}
