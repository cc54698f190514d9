using System.CommandLine;
using Eigenscope.Cli.Parsing;
using Eigenscope.Experiments.Recipes;

namespace Eigenscope.Cli.Commands;

/// <summary>The options of a kernel machine, which <c>rfm</c> and <c>deep-rfm</c> share.</summary>
/// <param name="standard">Their defaults.</param>
internal sealed class KernelOptions(KernelMachineOptions standard)
{
    private readonly Option<string> _kernel = OptionKinds.Text("--kernel", "laplace|gaussian|power|quadratic", "Kernel of the distances in the metric M, or of inner products (quadratic)", standard.Kernel);
    private readonly Option<double?> _bandwidth = OptionKinds.OptionalReal("--bandwidth", "L", "Bandwidth of a kernel of distances [default: 2]");
    private readonly Option<double?> _power = OptionKinds.OptionalReal("--power", "P", "Exponent of the power kernel exp(-(distance/L)^P), in (0, 2] [default: 1]");
    private readonly Option<double> _ridge = OptionKinds.Real("--ridge", "μ", "Added to the kernel matrix's diagonal, exactly", standard.Ridge);
    private readonly Option<string> _metric = OptionKinds.Text("--metric", "full|diagonal", "What of the average gradient outer product (AGOP) becomes the metric", standard.Metric);
    private readonly Option<double> _exponent = OptionKinds.Real("--agop-exponent", "P", "Power of the AGOP that becomes the metric", standard.AgopExponent);
    private readonly Option<bool> _centred = OptionKinds.Switch("--agop-centred", "Subtract the mean gradient in the AGOP that becomes the metric");
    private readonly Option<string> _scaling = OptionKinds.Text("--agop-scaling", "largest-entry|none", "What the AGOP is divided by before its power is taken", standard.AgopScaling);
    private readonly Option<string?> _memory = OptionKinds.OptionalText("--memory", "SIZE", "Memory for the kernel matrix, such as 8GB; one that does not fit is solved with by conjugate gradients [default: 4GB]");

    /// <summary>All of them, in the order of the help.</summary>
    public IReadOnlyList<Option> All => [_kernel, _bandwidth, _power, _ridge, _metric, _exponent, _centred, _scaling, _memory];

    /// <summary>Their values.</summary>
    public KernelMachineOptions Read(ParseResult parsed) => new()
    {
        Kernel = parsed.GetValue(_kernel)!,
        Bandwidth = parsed.GetValue(_bandwidth),
        Power = parsed.GetValue(_power),
        Ridge = parsed.GetValue(_ridge),
        Metric = parsed.GetValue(_metric)!,
        AgopExponent = parsed.GetValue(_exponent),
        AgopCentred = parsed.GetValue(_centred),
        AgopScaling = parsed.GetValue(_scaling)!,
        Memory = parsed.GetValue(_memory),
    };
}
