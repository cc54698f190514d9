namespace Eigenscope.Experiments.Recipes;

/// <summary>The options of <c>grok</c>, as a user gives them; <see cref="GrokRecipe"/> checks them all at once. The defaults are the setting of arXiv 2407.20199.</summary>
public sealed record GrokOptions
{
    /// <summary>add, subtract, multiply, divide, or all for one after the other. Default add.</summary>
    public string Operation { get; init; } = "add";

    /// <summary>p ≥ 3; for multiply and divide a prime. Default 61.</summary>
    public int Modulus { get; init; } = 61;

    /// <summary>quadratic, 3 (xᵀMz)², or gaussian, exp(−‖x − z‖_M² / (2 b²)). Default quadratic.</summary>
    public string Kernel { get; init; } = "quadratic";

    /// <summary>b &gt; 0 of the Gaussian kernel, and of it only; null takes 2.5.</summary>
    public double? Bandwidth { get; init; }

    /// <summary>μ ≥ 0 that is added to the diagonal of the kernel matrix. Default 0.</summary>
    public double Ridge { get; init; }

    /// <summary>How often the metric is learned anew, ≥ 1. Default 30.</summary>
    public int Iterations { get; init; } = 30;

    /// <summary>Share of all pairs that is trained on, in (0, 1). Default ½.</summary>
    public double TrainFraction { get; init; } = 0.5;
}
