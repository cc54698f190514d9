using System.Globalization;
using Eigenscope.Learning.Networks;

namespace Eigenscope.Experiments.Benchmarks;

/// <summary>One row to measure.</summary>
/// <param name="Model">Network and batch.</param>
/// <param name="Precision">Arithmetic.</param>
/// <param name="Operator">gradient, training-step, linearize, hessian, gauss-newton, empirical-fisher, jacobian, or "layer " and a weight's name.</param>
/// <param name="Block">Vectors of a block.</param>
/// <param name="Flops">Flops of one product's matrix products.</param>
internal sealed record BenchCase(BenchModel Model, Precision Precision, string Operator, int Block, double Flops)
{
    public const string Gradient = "gradient";
    public const string TrainingStep = "training-step";
    public const string Linearize = "linearize";
    public const string Hessian = "hessian";
    public const string GaussNewton = "gauss-newton";
    public const string EmpiricalFisher = "empirical-fisher";
    public const string Jacobian = "jacobian";
    public const string LayerPrefix = "layer ";
    private const int LargeBlock = 8;

    /// <summary>The precision as users write it.</summary>
    public string PrecisionName => Precision.ToString().ToLowerInvariant();

    /// <summary>What <see cref="BenchOptions.Rows"/> is compared with.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Model.Name} {Operator} {PrecisionName} block-{Block}");

    /// <summary>Every row.</summary>
    public static IReadOnlyList<BenchCase> All(IEnumerable<BenchModel> models) =>
        [.. models.SelectMany(static _ => new[] { Precision.Float32, Precision.Float64 }, static (model, precision) => Of(model, precision)).SelectMany(static cases => cases)];

    /// <summary>Whether the row was asked for.</summary>
    public bool Matches(BenchOptions options) => options.Asks(Name, PrecisionName);

    private static IEnumerable<BenchCase> Of(BenchModel model, Precision precision)
    {
        yield return new BenchCase(model, precision, Gradient, 1, model.GradientFlops);
        if (model.Normalises)
            yield return new BenchCase(model, precision, TrainingStep, 1, model.GradientFlops);
        yield return new BenchCase(model, precision, Linearize, 1, model.LinearizeFlops);
        yield return new BenchCase(model, precision, Hessian, 1, model.HessianFlops);
        yield return new BenchCase(model, precision, Hessian, LargeBlock, model.HessianFlops);
        yield return new BenchCase(model, precision, GaussNewton, 1, model.GaussNewtonFlops);
        yield return new BenchCase(model, precision, EmpiricalFisher, 1, model.GaussNewtonFlops);
        yield return new BenchCase(model, precision, Jacobian, 1, model.JacobianFlops);
        foreach (string weight in model.Blocks)
            yield return new BenchCase(model, precision, LayerPrefix + weight, 1, model.LayerFlops(weight));
    }
}
