using System.CommandLine;
using Eigenscope.Cli.Parsing;
using Eigenscope.Experiments.Recipes;
using Eigenscope.Experiments.Reports;
using Eigenscope.Experiments.Runs;

namespace Eigenscope.Cli.Commands;

/// <summary><c>eigenscope grok</c>.</summary>
internal sealed class GrokCommand : MeasuringCommand<GrokOptions>
{
    private static readonly GrokOptions Standard = new();
    private readonly Option<string> _operation = OptionKinds.Text("--operation", "add|subtract|multiply|divide|all", "What is learned", Standard.Operation);
    private readonly Option<int> _modulus = OptionKinds.Whole("--modulus", "P", "Modulus; for multiply and divide a prime", Standard.Modulus);
    private readonly Option<string> _kernel = OptionKinds.Text("--kernel", "quadratic|gaussian", "Kernel of the machine", Standard.Kernel);
    private readonly Option<double?> _bandwidth = OptionKinds.OptionalReal("--bandwidth", "B", "Bandwidth of the Gaussian kernel [default: 2.5]");
    private readonly Option<double> _ridge = OptionKinds.Real("--ridge", "μ", "Added to the diagonal of the kernel matrix", Standard.Ridge);
    private readonly Option<int> _iterations = OptionKinds.Whole("--iterations", "T", "How often the metric is learned anew", Standard.Iterations);
    private readonly Option<double> _trainFraction = OptionKinds.Real("--train-fraction", "F", "Share of all pairs that is trained on", Standard.TrainFraction);

    private GrokCommand()
        : base("the metrics of all iterations")
    {
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<Option> Own => [_operation, _modulus, _kernel, _bandwidth, _ridge, _iterations, _trainFraction];

    /// <summary>Creates the command.</summary>
    public static Command Create(
        CommandRunner runner,
        Action<GrokOptions, RunSettings> validate,
        Func<GrokOptions, RunSettings, TimeProvider, IProgress<RunProgress>?, CancellationToken, Report> run) =>
        new GrokCommand().Create("grok", "Learn modular arithmetic by a recursive feature machine, and watch its metric turn circulant before it generalises", runner, validate, run);

    /// <inheritdoc/>
    protected override GrokOptions Read(ParseResult parsed) => new()
    {
        Operation = parsed.GetValue(_operation)!,
        Modulus = parsed.GetValue(_modulus),
        Kernel = parsed.GetValue(_kernel)!,
        Bandwidth = parsed.GetValue(_bandwidth),
        Ridge = parsed.GetValue(_ridge),
        Iterations = parsed.GetValue(_iterations),
        TrainFraction = parsed.GetValue(_trainFraction),
    };
}
