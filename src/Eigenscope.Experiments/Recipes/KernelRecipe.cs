using System.Globalization;
using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Features;
using Eigenscope.Learning.Kernels;

namespace Eigenscope.Experiments.Recipes;

/// <summary>What the options of a kernel machine mean, for <c>rfm</c> and <c>deep-rfm</c> alike.</summary>
internal static class KernelRecipe
{
    /// <summary>Bandwidth of the kernels of distances unless one is given.</summary>
    public const double UsualBandwidth = 2.0;

    private const double UsualPower = 1.0;
    private const long UsualMemory = 4L << 30;
    private const double LargestPower = 2.0;

    /// <summary>Notes everything that is wrong.</summary>
    public static void Check(OptionFaults faults, KernelMachineOptions options)
    {
        faults.RequireOneOf("--kernel", options.Kernel, "laplace", "gaussian", "power", "quadratic");
        faults.RequireOneOf("--metric", options.Metric, "full", "diagonal");
        faults.RequireOneOf("--agop-scaling", options.AgopScaling, "largest-entry", "none");
        faults.Require(options.Bandwidth is null || IsPositive(options.Bandwidth.Value), "--bandwidth", "a positive finite number", options.Bandwidth);
        faults.Require(HasBandwidth(options) || options.Bandwidth is null, "--bandwidth", "left out: the quadratic kernel has none", options.Bandwidth);
        faults.Require(options.Power is null or (> 0.0 and <= LargestPower), "--power", "a number in (0, 2]", options.Power);
        faults.Require(options.Kernel is "power" || options.Power is null, "--power", "left out: it is of --kernel power", options.Power);
        faults.Require(options.Ridge >= 0.0 && double.IsFinite(options.Ridge), "--ridge", "a finite number of at least 0", options.Ridge);
        faults.Require(IsPositive(options.AgopExponent), "--agop-exponent", "a positive finite number", options.AgopExponent);
        faults.Require(options.Memory is null || MemoryAmount.Parse(options.Memory) is not null, "--memory", "an amount of memory such as 4GB or 512MB", options.Memory ?? "");
    }

    /// <summary>Notes that a kernel machine computes in double only.</summary>
    public static void CheckPrecision(OptionFaults faults, string precision) =>
        faults.Require(precision is not "float32", "--precision", "float64 here: kernel machines compute in double", precision);

    /// <summary>Checks that the memory asked for is enough for so many training samples.</summary>
    /// <exception cref="UsageException">It is not; the message says what is.</exception>
    public static void RequireMemory(KernelMachineOptions options, int samples, RunSettings settings)
    {
        int threads = RunHost.ThreadsOf(settings);
        long least = RidgeOptions.LeastMemory(samples, threads);
        if (Memory(options) < least)
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--memory {options.Memory}: {samples} samples on {threads} threads need at least {least} bytes, a row of the kernel matrix for each thread"));
    }

    public static Kernel Kernel(KernelMachineOptions options) => options.Kernel switch
    {
        "gaussian" => new GaussianKernel(Bandwidth(options)),
        "power" => new ExponentiatedPowerKernel(Bandwidth(options), options.Power ?? UsualPower),
        "quadratic" => PolynomialKernel.Quadratic,
        _ => new LaplaceKernel(Bandwidth(options)),
    };

    /// <summary>The machine of one fit and what follows from its AGOP.</summary>
    public static RfmOptions Rfm(KernelMachineOptions options, int iterations, int? patience = null) => new()
    {
        Kernel = Kernel(options),
        Ridge = new RidgeOptions { Ridge = options.Ridge, MemoryBytes = Memory(options) },
        Iterations = iterations,
        Metric = options.Metric is "diagonal" ? MetricKind.Diagonal : MetricKind.Full,
        Form = Form(options),
        Patience = patience,
    };

    /// <summary>Which AGOP becomes the next metric.</summary>
    public static AgopForm Form(KernelMachineOptions options) => new()
    {
        Centring = options.AgopCentred ? Centring.SampleMean : Centring.None,
        Exponent = options.AgopExponent,
        Scaling = options.AgopScaling is "largest-entry" ? AgopScaling.LargestEntry : AgopScaling.None,
    };

    /// <summary>The options as they were used; null where one acts on nothing.</summary>
    public static IEnumerable<KeyValuePair<string, object?>> Describe(KernelMachineOptions options) =>
    [
        new("kernel", options.Kernel),
        new("kernelFormula", Kernel(options).Formula),
        new("bandwidth", HasBandwidth(options) ? Bandwidth(options) : null),
        new("power", options.Kernel is "power" ? options.Power ?? UsualPower : null),
        new("ridge", options.Ridge),
        new("metric", options.Metric),
        new("agopExponent", options.AgopExponent),
        new("agopCentred", options.AgopCentred),
        new("agopScaling", options.AgopScaling),
        new("memory", Memory(options)),
    ];

    /// <summary>The AGOP that becomes the next metric, in words: three normalisations go by one name.</summary>
    public static string DescribeAgop(KernelMachineOptions options)
    {
        string centred = options.AgopCentred ? "less the mean gradient's" : "uncentred";
        string scaled = options.AgopScaling is "largest-entry" ? ", divided by its largest entry" : "";
        string raised = options.AgopExponent == 1.0 ? "" : $", to the power {Reports.Format.Text(options.AgopExponent)}";
        string kept = options.Metric is "diagonal" ? "; its diagonal alone is kept" : "";
        return $"the mean over the training points of the gradients' outer products, summed over outputs, {centred}{scaled}{raised}{kept}";
    }

    private static bool HasBandwidth(KernelMachineOptions options) => options.Kernel is not "quadratic";

    private static double Bandwidth(KernelMachineOptions options) => options.Bandwidth ?? UsualBandwidth;

    private static long Memory(KernelMachineOptions options) => options.Memory is { } amount ? MemoryAmount.Parse(amount)!.Value : UsualMemory;

    private static bool IsPositive(double value) => value > 0.0 && double.IsFinite(value);
}
