using System.Globalization;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Experiments.Benchmarks;

/// <summary>Measurements in which one quantity grows and everything else stays.</summary>
/// <param name="Name">What stays: "mlp-784-512x4-10".</param>
/// <param name="Quantity">What grows: samples, parameters, block or eigenpairs.</param>
/// <param name="Precision">Arithmetic.</param>
/// <param name="Points">At least three.</param>
internal sealed record ScalingSeries(string Name, string Quantity, Precision Precision, IReadOnlyList<ScalingCase> Points)
{
    public const string Samples = "samples";
    public const string Parameters = "parameters";
    public const string Block = "block";
    public const string Eigenpairs = "eigenpairs";
    private const string Perceptron = "mlp-784-512x4-10";

    /// <summary>The operator whose cost grows.</summary>
    public string Operator => Quantity is Eigenpairs ? "hessian eigenpairs" : BenchCase.Hessian;

    /// <summary>The series that every machine is measured on.</summary>
    /// <param name="precision">Arithmetic of the products; eigenpairs to 1e-6 need double precision whatever it is.</param>
    public static IReadOnlyList<ScalingSeries> All(Precision precision) =>
    [
        OverSamples(Perceptron, precision, [250, 500, 1000, 2000, 4000], static samples => BenchModel.Mlp(Perceptron, [784, 512, 512, 512, 512, 10], samples)),
        OverSamples("resnet8", precision, [32, 64, 128, 256], static samples => BenchModel.Images("resnet8", ImageModel.ResNet8, [1, 28, 28], samples, "head.weight")),
        OverWidths("mlp-784-wx4-10, 512 samples", precision, [64, 128, 256, 512, 1024]),
        OverBlocks(precision, [1, 2, 4, 8, 16], BenchModel.Mlp("mlp-784-1024-512-256-128-64-10", [784, 1024, 512, 256, 128, 64, 10], 512)),
        OverBlocks(precision, [1, 2, 4, 8], BenchModel.Images("resnet8", ImageModel.ResNet8, [1, 28, 28], 64, "head.weight")),
        OverEigenpairs([5, 10, 20, 40], BenchModel.Mlp("mlp-784-96-64-48-10, 600 samples", [784, 96, 64, 48, 10], 600)),
    ];

    private static ScalingSeries OverSamples(string name, Precision precision, IReadOnlyList<int> counts, Func<int, BenchModel> model) =>
        new(name, Samples, precision, [.. counts.Select(count => new ScalingCase(count, model(count), 1))]);

    private static ScalingSeries OverWidths(string name, Precision precision, IReadOnlyList<int> widths)
    {
        IEnumerable<BenchModel> models = widths.Select(static width => BenchModel.Mlp(width.ToString(CultureInfo.InvariantCulture), [784, width, width, width, width, 10], 512));
        return new(name, Parameters, precision, [.. models.Select(static model => new ScalingCase(model.Network.ParameterCount, model, 1))]);
    }

    private static ScalingSeries OverBlocks(Precision precision, IReadOnlyList<int> blocks, BenchModel model) =>
        new(model.Name, Block, precision, [.. blocks.Select(block => new ScalingCase(block, model, block))]);

    private static ScalingSeries OverEigenpairs(IReadOnlyList<int> counts, BenchModel model) =>
        new(model.Name, Eigenpairs, Precision.Float64, [.. counts.Select(count => new ScalingCase(count, model, 1))]);
}

/// <summary>One point of a series.</summary>
/// <param name="Value">The quantity.</param>
/// <param name="Model">Network and batch.</param>
/// <param name="Block">Vectors of a block.</param>
internal sealed record ScalingCase(int Value, BenchModel Model, int Block);
