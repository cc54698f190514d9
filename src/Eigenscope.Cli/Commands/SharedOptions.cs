using System.CommandLine;
using Eigenscope.Cli.Parsing;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Cli.Commands;

/// <summary>The options that every command takes.</summary>
/// <param name="withPrecision">Whether the command takes a precision of its run; false where it has an option of that name with another default.</param>
/// <param name="withPage">Whether the command measures something that a page shows.</param>
/// <param name="threads">What the number of threads is of, with its default.</param>
internal sealed class SharedOptions(bool withPrecision = true, bool withPage = false, string threads = "Number of threads [default: the physical cores]")
{
    private static readonly RunSettings Standard = new();
    private readonly Option<string?> _json = OptionKinds.OptionalText("--json", "FILE", "Write everything found as JSON; - is standard output, and then nothing else is printed there");
    private readonly Option<string?> _page = OptionKinds.OptionalText("--report", "FILE.html", "Write a page with figures: one file, which opens without a network and prints well");
    private readonly Option<ulong> _seed = OptionKinds.Seed("--seed", "N", "Seed of every random choice", Standard.Seed);
    private readonly Option<string> _precision = OptionKinds.Text("--precision", "float32|float64", "Arithmetic of the network; operators and solvers work in double", Standard.Precision);
    private readonly Option<int?> _threads = OptionKinds.OptionalWhole("--threads", "N", threads);
    private readonly Option<bool> _quiet = OptionKinds.Switch("--quiet", "No progress and no tables; errors still appear");

    /// <summary>Adds them to a command, after its own.</summary>
    public void AddTo(Command command)
    {
        command.Add(_json);
        if (withPage)
            command.Add(_page);
        command.Add(_seed);
        if (withPrecision)
            command.Add(_precision);
        command.Add(_threads);
        command.Add(_quiet);
    }

    /// <summary>Where the JSON goes, or null.</summary>
    public string? Json(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>Where the page goes, or null.</summary>
    public string? Page(ParseResult parsed) => withPage ? parsed.GetValue(_page) : null;

    /// <summary>Whether nothing but errors is printed.</summary>
    public bool IsQuiet(ParseResult parsed) => parsed.GetValue(_quiet);

    /// <summary>The settings, with what the environment says.</summary>
    public RunSettings Settings(ParseResult parsed, CliContext context) => new()
    {
        Seed = parsed.GetValue(_seed),
        Precision = withPrecision ? parsed.GetValue(_precision)! : Standard.Precision,
        Threads = parsed.GetValue(_threads),
        Blas = context.Variable("EIGENSCOPE_BLAS"),
        Home = HomeFolder.Resolve(context.Variable("EIGENSCOPE_HOME")).Path,
        DataFolder = context.Variable("EIGENSCOPE_DATA"),
        Network = context.Network,
    };
}
