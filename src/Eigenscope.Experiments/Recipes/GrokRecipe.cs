using System.Globalization;
using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Features;
using Eigenscope.Learning.Kernels;

namespace Eigenscope.Experiments.Recipes;

/// <summary>Turns the options of a <c>grok</c> run into a plan. All faults of the options are reported at once.</summary>
internal static class GrokRecipe
{
    private const string All = "all";
    private const double StandardBandwidth = 2.5;

    // The kernel matrix is factorised in memory: without a ridge nothing else reaches a training loss of zero.
    private const long KernelBytes = 4L << 30;

    // Entries of the metrics that are kept, 2 GiB.
    private const long MostMetricEntries = 1L << 28;

    // Entries of everything else, another 2 GiB. For the p² pairs in 2p coordinates, so many times p³: 2 for both parts and 2 for all pairs before they are divided, or else for their maps under a metric; 1 each for targets and
    // outputs; and up to 4 for coefficients and maps of the training pairs, of this machine and the one before it.
    private const long MostDataEntries = 1L << 28;
    private const double DataShare = 10.0;

    private static readonly (string Name, ModularOperation Operation)[] Operations =
    [
        ("add", ModularOperation.Add), ("subtract", ModularOperation.Subtract), ("multiply", ModularOperation.Multiply), ("divide", ModularOperation.Divide),
    ];

    /// <summary>The word for an operation.</summary>
    public static string Name(ModularOperation operation) => Operations.First(entry => entry.Operation == operation).Name;

    /// <summary>Checks the options.</summary>
    /// <exception cref="UsageException">Something is wrong; the message lists everything that is.</exception>
    public static void Validate(GrokOptions options, RunSettings settings)
    {
        OptionFaults faults = new();
        faults.RequireOneOf("--operation", options.Operation, [.. Operations.Select(static entry => entry.Name), All]);
        faults.RequireOneOf("--kernel", options.Kernel, "quadratic", "gaussian");
        CheckNumbers(options, faults);
        CheckSize(options, faults);
        KernelRecipe.CheckPrecision(faults, settings.Precision);
        faults.Add(RunSettingsCheck.Faults(settings));
        faults.ThrowIfAny();
    }

    /// <summary>Fixes everything that a run needs.</summary>
    /// <exception cref="UsageException">An option is wrong.</exception>
    public static GrokPlan Resolve(GrokOptions options, RunSettings settings)
    {
        Validate(options, settings);
        double? bandwidth = options.Kernel is "gaussian" ? options.Bandwidth ?? StandardBandwidth : null;
        return new GrokPlan
        {
            Options = options,
            Operations = Chosen(options),
            Bandwidth = bandwidth,
            Machine = new RfmOptions
            {
                Kernel = bandwidth is { } width ? new GaussianKernel(width) : PolynomialKernel.Quadratic,
                Ridge = new RidgeOptions { Ridge = options.Ridge, MemoryBytes = KernelBytes },
                Iterations = options.Iterations,
                Metric = MetricKind.Full,
                Form = new AgopForm { Centring = Centring.SampleMean, Exponent = 0.5 },
            },
        };
    }

    private static ModularOperation[] Chosen(GrokOptions options) => [.. Operations.Where(entry => options.Operation == All || options.Operation == entry.Name).Select(static entry => entry.Operation)];

    private static void CheckNumbers(GrokOptions options, OptionFaults faults)
    {
        faults.Require(options.Bandwidth is null || (options.Bandwidth > 0.0 && double.IsFinite(options.Bandwidth.Value)), "--bandwidth", "a positive finite number", options.Bandwidth);
        faults.Require(options.Bandwidth is null || options.Kernel is not "quadratic", "--bandwidth", "left out: it is that of --kernel gaussian", options.Bandwidth);
        faults.Require(options.Ridge >= 0.0 && double.IsFinite(options.Ridge), "--ridge", "a finite number of at least 0", options.Ridge);
        faults.Require(options.Iterations >= 1, "--iterations", "at least 1", options.Iterations);
        faults.Require(options.TrainFraction is > 0.0 and < 1.0, "--train-fraction", "a number in (0, 1)", options.TrainFraction);
    }

    private static void CheckSize(GrokOptions options, OptionFaults faults)
    {
        faults.Require(options.Modulus >= 3, "--modulus", "at least 3", options.Modulus);
        if (options.Operation is "multiply" or "divide" or All)
            faults.Require(ModularGroup.IsPrime(options.Modulus), "--modulus", $"a prime for --operation {options.Operation}", options.Modulus);
        if (options.Modulus < 3 || options.Iterations < 1 || options.TrainFraction is not (> 0.0 and < 1.0))
            return;
        double pairs = (double)options.Modulus * options.Modulus, train = options.TrainFraction * pairs;
        double mostTrain = Math.Floor(Math.Sqrt(KernelBytes / 8.0));
        faults.Require(
            train <= mostTrain,
            "--modulus",
            string.Create(CultureInfo.InvariantCulture, $"so small, or --train-fraction, that at most {mostTrain:F0} of the {pairs:F0} pairs are trained on"),
            options.Modulus);
        double largest = Math.Floor(Math.Cbrt(MostDataEntries / DataShare));
        faults.Require(options.Modulus <= largest, "--modulus", string.Create(CultureInfo.InvariantCulture, $"at most {largest:F0}, so that the pairs and what is computed of each fit into {MostDataEntries:N0} numbers"), options.Modulus);
        double entries = Chosen(options).Length * (options.Iterations + 1.0) * 4.0 * pairs;
        faults.Require(entries <= MostMetricEntries, "--iterations", string.Create(CultureInfo.InvariantCulture, $"so small that all metrics fit into {MostMetricEntries:N0} numbers"), options.Iterations);
    }
}
