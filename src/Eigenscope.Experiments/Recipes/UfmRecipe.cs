using System.Globalization;
using System.Numerics;
using Eigenscope.Experiments.Runs;
using Eigenscope.Learning.Losses;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Training;
using Eigenscope.Theory.UnconstrainedFeatures;

namespace Eigenscope.Experiments.Recipes;

/// <summary>Turns the options of a <c>ufm</c> run into a plan. All faults of the options are reported at once.</summary>
internal static class UfmRecipe
{
    private const int GradientSteps = 3000;
    private const int FirstMeasured = 10;
    private const double DescentRate = 0.2;
    private const int LargestSize = 1_000_000;
    private const int LargestDepth = 1000;

    // With fewer matrices no ReLU acts on a layer that carries the edges.
    private const int LeastEdgeDepth = 3;
    private const double Float64Gradient = 1e-10;
    private const double Float64Tolerance = 1e-9;
    private const double Float32Tolerance = 1e-5;

    // Entries of the feature table, of all logits, and of the parameters kept for measuring: 2 GiB.
    private const long LargestTable = 1L << 28;

    /// <summary>Steps of gradient descent that are taken.</summary>
    public static int GradientDescentSteps(UfmOptions options) => options.Iterations ?? GradientSteps;

    /// <summary>Step of gradient descent.</summary>
    public static double GradientDescentRate(UfmOptions options) => options.LearningRate ?? DescentRate;

    /// <summary>Steps of Adam before the second-order search of a model with a ReLU.</summary>
    public static int AdamSteps(UfmOptions options) => options.Iterations ?? GradientSteps;

    /// <summary>Most iterations of L-BFGS.</summary>
    public static int LbfgsIterations(UfmOptions options) => options.Iterations ?? 2000;

    /// <summary>Most iterations of Newton's method.</summary>
    public static int NewtonIterations(UfmOptions options) => options.Iterations ?? 200;

    /// <summary>Whether nothing bends the features: no ReLU on them, and none between two weights.</summary>
    public static bool IsLinear(UfmOptions options) => !options.RectifiedFeatures && (options.Activation is "linear" || options.Depth == 1);

    /// <summary>Vertices of the complete graph whose edges the classes are in the strongly regular solution; null where the options have no such solution.</summary>
    public static int? Vertices(UfmOptions options) =>
        options is { Activation: "relu", RectifiedFeatures: false, Loss: "mse", Bias: false, Depth: >= LeastEdgeDepth } ? EdgeCode.Vertices(options.Classes) : null;

    /// <summary>Checks the options.</summary>
    /// <exception cref="UsageException">Something is wrong; the message lists everything that is.</exception>
    public static void Validate(UfmOptions options, RunSettings settings)
    {
        OptionFaults faults = new();
        CheckWords(options, faults);
        CheckShape(options, faults);
        CheckNumbers(options, faults);
        faults.Add(RunSettingsCheck.Faults(settings));
        faults.ThrowIfAny();
    }

    /// <summary>Fixes everything that a run needs.</summary>
    /// <exception cref="UsageException">An option is wrong.</exception>
    public static UfmPlan Resolve(UfmOptions options, RunSettings settings)
    {
        Validate(options, settings);
        Activation activation = options.Activation is "relu" ? Activation.Relu : Activation.Linear;
        int samples = options.Classes * options.PerClass;
        int[] hidden = [.. Enumerable.Repeat(options.Width, options.Depth)];
        UfmNetworkOptions shape = new() { Samples = samples, Widths = [.. hidden, options.Classes], Activation = activation, RectifiedFeatures = options.RectifiedFeatures, LastBias = options.Bias };
        Network joint = Network.UnconstrainedFeatures(shape);
        double featureDecay = options.FeatureDecay ?? options.WeightDecay;
        string? noOptimum = NoOptimum(options, featureDecay);
        bool isDouble = settings.Precision is not "float32";
        return new UfmPlan
        {
            Options = options,
            Joint = joint,
            Weights = Network.Mlp(new MlpOptions { Widths = shape.Widths, Activation = activation, Biases = false, LastBias = options.Bias }),
            Loss = options.Loss is "mse" ? new MeanSquaredError(TargetCoding.OneHot) : new CrossEntropy(),
            Activation = activation,
            Precision = isDouble ? Precision.Float64 : Precision.Float32,
            Tolerance = options.Tolerance ?? (isDouble ? Float64Tolerance : Float32Tolerance),
            GradientTolerance = options.GradientTolerance ?? (isDouble ? Float64Gradient : Float32Tolerance),
            Decay = Decay(joint, options.WeightDecay, featureDecay),
            FeatureDecay = featureDecay,
            Labels = [.. Enumerable.Range(0, samples).Select(i => i / options.PerClass)],
            Optimum = noOptimum is null ? UfmOptimum.Solve(Setting(options, featureDecay)) : null,
            NoOptimum = noOptimum,
            MeasuredIterations = MeasuredIterations(options),
        };
    }

    private static string? NoOptimum(UfmOptions options, double featureDecay)
    {
        if (!(options.WeightDecay > 0.0 && featureDecay > 0.0))
            return "without decay the loss has no minimum at a finite point";
        bool isCentred = options.Loss is "cross-entropy" || options.Bias;
        return !IsLinear(options) && isCentred ? "a ReLU cannot carry the class means of the closed form, which form a simplex and so sum to zero" : null;
    }

    private static UfmSetting Setting(UfmOptions options, double featureDecay) => new()
    {
        Classes = options.Classes,
        PerClass = options.PerClass,
        Width = options.Width,
        Depth = options.Depth,
        WeightDecay = options.WeightDecay,
        FeatureDecay = featureDecay,
        Loss = options.Loss is "mse" ? UfmLoss.MeanSquaredError : UfmLoss.CrossEntropy,
        LastBias = options.Bias,
    };

    private static WeightDecay Decay(Network joint, double weightDecay, double featureDecay)
    {
        Dictionary<string, double> coefficients = joint.WeightLayers.ToDictionary(static layer => layer.Weight.Name, _ => weightDecay, StringComparer.Ordinal);
        coefficients[joint.Blocks[0].Name] = featureDecay;
        return WeightDecay.OnParameters(joint, coefficients);
    }

    private static void CheckWords(UfmOptions options, OptionFaults faults)
    {
        faults.RequireOneOf("--activation", options.Activation, "linear", "relu");
        faults.RequireOneOf("--loss", options.Loss, "mse", "cross-entropy");
        faults.RequireOneOf("--start", options.Start, "random", "hadamard", "dnc", "low-rank", "srg");
        faults.RequireOneOf("--optimizer", options.Optimizer, "newton", "gradient-descent");
    }

    private static void CheckShape(UfmOptions options, OptionFaults faults)
    {
        faults.Require(options.Classes >= 2, "--classes", "at least 2", options.Classes);
        faults.Require(options.PerClass >= 1, "--per-class", "at least 1", options.PerClass);
        faults.Require(options.Depth >= 1, "--depth", "at least 1", options.Depth);
        faults.Require(options.Width >= 1, "--width", "at least 1", options.Width);
        string atMost = string.Create(CultureInfo.InvariantCulture, $"at most {LargestSize:N0}");
        faults.Require(options.Classes <= LargestSize, "--classes", atMost, options.Classes);
        faults.Require(options.PerClass <= LargestSize, "--per-class", atMost, options.PerClass);
        faults.Require(options.Width <= LargestSize, "--width", atMost, options.Width);
        faults.Require(options.Depth <= LargestDepth, "--depth", string.Create(CultureInfo.InvariantCulture, $"at most {LargestDepth:N0}"), options.Depth);
        if (options.Classes < 2 || options.PerClass < 1 || options.Depth < 1 || options.Width < 1)
            return;
        bool isSimplex = options.Loss is "cross-entropy";
        int least = isSimplex ? options.Classes - 1 : options.Classes;
        faults.Require(options.Width >= least, "--width", string.Create(CultureInfo.InvariantCulture, $"at least {(isSimplex ? "K - 1" : "K")} = {least} for --loss {options.Loss}"), options.Width);
        long samples = (long)options.Classes * options.PerClass;
        faults.Require(samples <= FeatureTableLayer.MaxSamples, "--per-class", string.Create(CultureInfo.InvariantCulture, $"small enough for {FeatureTableLayer.MaxSamples:N0} samples"), options.PerClass);
        faults.Require(samples * Math.Max(options.Width, options.Classes) <= LargestTable, "--per-class", string.Create(CultureInfo.InvariantCulture, $"small enough for a table of {LargestTable:N0} features"), options.PerClass);
        double hidden = (options.Depth - 1.0) * options.Width * options.Width;
        double parameters = ((double)options.Width * (samples + options.Classes)) + hidden;
        long vectors = StudySize.Vectors(StudySize.Pairs(Math.Max(1, options.Top), options.Classes), Math.Max(0, options.Bottom), options.Classes, parameters);
        faults.Require(Snapshots(options) * parameters <= LargestTable, "--measure-every", "so large that the points to measure at fit into memory", options.MeasureEvery);
        faults.Require(StudySize.Fits(vectors, parameters), "--width", string.Create(CultureInfo.InvariantCulture, $"smaller, or --depth: {vectors:N0} vectors of {parameters:N0} parameters are more than one array can hold"), options.Width);
        CheckStart(options, faults);
    }

    private static void CheckStart(UfmOptions options, OptionFaults faults)
    {
        if (options.Start is "hadamard")
        {
            faults.Require(BitOperations.IsPow2(options.Classes), "--classes", "a power of two for --start hadamard", options.Classes);
            faults.Require(options.Width >= options.Classes, "--width", "at least --classes for --start hadamard", options.Width);
        }
        if (options.Start is "low-rank" && options.Loss is "cross-entropy")
            faults.Require(int.IsEvenInteger(options.Classes), "--classes", "even for --start low-rank with cross-entropy, whose classes come in pairs", options.Classes);
        if (!IsLinear(options))
            faults.Require(options.Start is not ("hadamard" or "low-rank"), "--start", "random, dnc or srg with a ReLU", options.Start);
        if (options.Start is "srg")
            CheckEdges(options, faults);
        if (!IsLinear(options) && options.Start is "dnc")
            faults.Require(options.Width >= options.Classes, "--width", "at least --classes for --start dnc with a ReLU", options.Width);
    }

    private static void CheckEdges(UfmOptions options, OptionFaults faults)
    {
        faults.Require(EdgeCode.Vertices(options.Classes) is not null, "--classes", "r(r - 1)/2 with r of at least 4 (6, 10, 15, 21, …) for --start srg, whose classes are edges", options.Classes);
        faults.Require(options.Activation is "relu", "--activation", "relu for --start srg", options.Activation);
        faults.Require(options.Loss is "mse", "--loss", "mse for --start srg", options.Loss);
        faults.Require(options.Depth >= LeastEdgeDepth, "--depth", "at least 3 for --start srg", options.Depth);
        faults.Require(!options.Bias, "--bias", "left out for --start srg", "given");
        faults.Require(!options.RectifiedFeatures, "--rectify-features", "left out for --start srg", "given");
    }

    private static void CheckNumbers(UfmOptions options, OptionFaults faults)
    {
        string decay = options.Loss is "cross-entropy" ? "a finite number of at least 0" : "a positive finite number (0 only for cross-entropy)";
        double least = options.Loss is "cross-entropy" ? 0.0 : double.Epsilon;
        faults.Require(options.WeightDecay >= least && double.IsFinite(options.WeightDecay), "--weight-decay", decay, options.WeightDecay);
        faults.Require(options.FeatureDecay is null || (options.FeatureDecay >= least && double.IsFinite(options.FeatureDecay.Value)), "--feature-decay", decay, options.FeatureDecay);
        faults.Require(options.InitScale > 0.0 && double.IsFinite(options.InitScale), "--init-scale", "a positive finite number", options.InitScale);
        faults.Require(options.Starts >= 1, "--starts", "at least 1", options.Starts);
        faults.Require(options.Restarts >= 0, "--restarts", "at least 0", options.Restarts);
        faults.Require(options.LearningRate is null || (options.LearningRate > 0.0 && double.IsFinite(options.LearningRate.Value)), "--learning-rate", "a positive finite number", options.LearningRate);
        faults.Require(options.LearningRate is null || options.Optimizer is "gradient-descent", "--learning-rate", "left out: it is a step of --optimizer gradient-descent", options.LearningRate);
        faults.Require(options.Iterations is null or >= 0, "--iterations", "at least 0", options.Iterations);
        faults.Require(options.GradientTolerance is null || (options.GradientTolerance > 0.0 && double.IsFinite(options.GradientTolerance.Value)), "--gradient-tolerance", "a positive finite number", options.GradientTolerance);
        faults.Require(options.MeasureEvery is null or >= 0, "--measure-every", "at least 0", options.MeasureEvery);
        faults.Require(options.Top >= 1, "--top", "at least 1", options.Top);
        faults.Require(options.Bottom >= 0, "--bottom", "at least 0", options.Bottom);
        faults.Require(options.Tolerance is null or (> 0.0 and < 1.0), "--tolerance", "a number in (0, 1)", options.Tolerance);
    }

    private static long MostIterations(UfmOptions options) => options.Optimizer is "gradient-descent"
        ? GradientDescentSteps(options)
        : (long)LbfgsIterations(options) + NewtonIterations(options) + (IsLinear(options) ? 0 : AdamSteps(options));

    private static double Snapshots(UfmOptions options) => options.MeasureEvery is > 0 ? (double)MostIterations(options) / options.MeasureEvery.Value : 0.0;

    // Collapse happens on a logarithmic scale of time.
    private static HashSet<int> MeasuredIterations(UfmOptions options)
    {
        HashSet<int> measured = [];
        long last = Math.Min(MostIterations(options), int.MaxValue);
        if (options.MeasureEvery is > 0)
        {
            for (long step = options.MeasureEvery.Value; step < last; step += options.MeasureEvery.Value)
                measured.Add((int)step);
        }
        else if (options.MeasureEvery is null)
        {
            for (long step = FirstMeasured; step < last; step *= 10)
                measured.UnionWith([(int)step, (int)Math.Min(3 * step, last)]);
        }
        return measured;
    }
}
