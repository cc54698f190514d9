using Eigenscope.Theory.UnconstrainedFeatures;

namespace Eigenscope.Theory.Tests.UnconstrainedFeatures;

/// <summary>Settings small enough for a dense Hessian; every suite runs over all of them.</summary>
internal static class UfmCases
{
    private static readonly Dictionary<string, UfmSetting> All = new(StringComparer.Ordinal)
    {
        ["mse, K=3 n=2 d=5 L=3"] = Mse(3, 2, 5, 3, 5e-3, 1.25e-3),
        ["mse, one matrix"] = Mse(3, 3, 5, 1, 4e-3, 2e-3),
        ["mse, two matrices"] = Mse(3, 4, 4, 2, 1e-3, 2e-3),
        ["mse, two classes, six matrices"] = Mse(2, 3, 3, 6, 2e-3, 7e-4),
        ["mse, width K, one sample a class"] = Mse(4, 1, 4, 3, 3e-3, 3e-3),
        ["mse, equal decays, four matrices"] = Mse(3, 2, 4, 4, 1e-3, 1e-3),
        ["mse, one matrix, equal decays, width K"] = Mse(2, 2, 2, 1, 1e-2, 1e-2),
        ["mse, near the spinodal"] = Mse(2, 2, 3, 3, 5.6e-2, 5.6e-2),
        ["mse bias, K=3 n=2 d=4 L=3"] = Mse(3, 2, 4, 3, 5e-3, 1.25e-3) with { LastBias = true },
        ["mse bias, width K-1"] = Mse(4, 2, 3, 2, 2e-3, 5e-3) with { LastBias = true },
        ["mse bias, two classes, four matrices"] = Mse(2, 3, 3, 4, 2e-3, 7e-4) with { LastBias = true },
        ["mse bias, one matrix"] = Mse(4, 2, 5, 1, 4e-3, 2e-3) with { LastBias = true },
        ["ce, K=4 n=3 d=6 L=3"] = Ce(4, 3, 6, 3, 2e-3, 2e-3 / 3),
        ["ce, two classes"] = Ce(2, 3, 3, 3, 2e-3, 1e-3),
        ["ce, three classes, two matrices"] = Ce(3, 2, 4, 2, 1e-3, 3e-3),
        ["ce, five classes, a saddle"] = Ce(5, 2, 5, 4, 0.12, 0.06),
        ["ce, one matrix, width K-1"] = Ce(4, 2, 3, 1, 4e-3, 2e-3),
        ["ce bias, K=4 n=2 d=4 L=3"] = Ce(4, 2, 4, 3, 2e-3, 1e-3) with { LastBias = true },
        ["ce bias, two classes"] = Ce(2, 2, 3, 2, 2e-3, 1e-3) with { LastBias = true },
        ["ce bias, three classes, one matrix"] = Ce(3, 3, 4, 1, 3e-3, 1e-3) with { LastBias = true },
    };

    /// <summary>Names, for theories.</summary>
    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>Names of those with orthogonal class means.</summary>
    public static TheoryData<string> OrthogonalNames => [.. All.Where(pair => pair.Value is { Loss: UfmLoss.MeanSquaredError, LastBias: false }).Select(pair => pair.Key)];

    /// <summary>The setting of a name.</summary>
    public static UfmSetting Named(string name) => All[name];

    /// <summary>Mean squared error without a bias.</summary>
    public static UfmSetting Mse(int classes, int perClass, int width, int depth, double decay, double featureDecay) => new()
    {
        Classes = classes,
        PerClass = perClass,
        Width = width,
        Depth = depth,
        WeightDecay = decay,
        FeatureDecay = featureDecay,
    };

    /// <summary>Cross-entropy without a bias.</summary>
    public static UfmSetting Ce(int classes, int perClass, int width, int depth, double decay, double featureDecay) =>
        Mse(classes, perClass, width, depth, decay, featureDecay) with { Loss = UfmLoss.CrossEntropy };
}
