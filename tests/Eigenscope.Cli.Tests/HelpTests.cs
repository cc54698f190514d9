using Eigenscope.Cli.Tests.Support;
using Eigenscope.Experiments.Recipes;

namespace Eigenscope.Cli.Tests;

public sealed class HelpTests
{
    [Fact]
    public void Without_arguments_the_help_is_shown()
    {
        CommandLineOutcome outcome = new CommandLine().Run();

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Equal(new CommandLine().Run("--help").Output, outcome.Output);
        foreach (string command in (string[])["study", "ufm", "deep-rfm", "rfm", "grok", "doctor", "data", "bench"])
            Assert.Contains($"\n  {command} ", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_option_of_the_reference_is_in_the_help_of_study()
    {
        string[] promised =
        [
            "--data", "--model", "--width", "--depth", "--activation", "--loss", "--weight-decay", "--epochs", "--measure-every", "--targets", "--test-fraction", "--restarts",
            "--json", "--seed", "--precision", "--threads", "--quiet", "--arrays", "--require-converged",
        ];

        string help = new CommandLine().Run("study", "--help").Output;

        Assert.DoesNotContain(promised, option => !help.Contains($"\n  {option} ", StringComparison.Ordinal));
    }

    [Fact]
    public void Defaults_in_the_help_are_those_of_the_recipe()
    {
        StudyOptions defaults = new();

        string help = new CommandLine().Run("study", "--help").Output;

        Assert.Matches($"--width <D>.*\\[default: {defaults.Width}\\]", help);
        Assert.Matches($"--loss <mse\\|cross-entropy>.*\\[default: {defaults.Loss}\\]", help);
        Assert.Matches("--weight-decay <λ>.*\\[default: 0\\.0005\\]", help);
    }

    [Fact]
    public void Help_keeps_to_the_terminal_and_is_not_cut_in_a_pipe()
    {
        Assert.DoesNotContain(new CommandLine { TerminalWidth = 80 }.Run("study", "--help").Output.Split('\n'), line => line.TrimEnd().Length > 80);
        Assert.Contains("(label last) [default: digits]", new CommandLine().Run("study", "--help").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Version_is_a_number()
    {
        CommandLineOutcome outcome = new CommandLine().Run("--version");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+", outcome.Output);
    }
}
