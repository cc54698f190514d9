using System.CommandLine;
using Eigenscope.Cli.Parsing;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Cli.Commands;

/// <summary>The options that every command takes.</summary>
internal sealed class SharedOptions
{
    private static readonly RunSettings Standard = new();
    private readonly Option<string?> _json = OptionKinds.OptionalText("--json", "FILE", "Write everything found as JSON; - is standard output, and then nothing else is printed there");
    private readonly Option<ulong> _seed = OptionKinds.Seed("--seed", "N", "Seed of every random choice", Standard.Seed);
    private readonly Option<string> _precision = OptionKinds.Text("--precision", "float32|float64", "Arithmetic of the network; operators and solvers work in double", Standard.Precision);
    private readonly Option<int?> _threads = OptionKinds.OptionalWhole("--threads", "N", "Number of threads [default: the physical cores]");
    private readonly Option<bool> _quiet = OptionKinds.Switch("--quiet", "No progress and no tables; errors still appear");

    /// <summary>Adds them to a command, after its own.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _json, _seed, _precision, _threads, _quiet })
            command.Add(option);
    }

    /// <summary>Where the JSON goes, or null.</summary>
    public string? Json(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>Whether nothing but errors is printed.</summary>
    public bool IsQuiet(ParseResult parsed) => parsed.GetValue(_quiet);

    /// <summary>The precision, when it was given.</summary>
    public string? GivenPrecision(ParseResult parsed) => parsed.GetResult(_precision) is { Implicit: false } ? parsed.GetValue(_precision) : null;

    /// <summary>The settings, with what the environment says.</summary>
    public RunSettings Settings(ParseResult parsed, Func<string, string?> variable) => new()
    {
        Seed = parsed.GetValue(_seed),
        Precision = parsed.GetValue(_precision) ?? Standard.Precision,
        Threads = parsed.GetValue(_threads),
        Blas = variable("EIGENSCOPE_BLAS"),
        Home = HomeFolder.Resolve(variable("EIGENSCOPE_HOME")).Path,
        DataFolder = variable("EIGENSCOPE_DATA"),
    };
}
