namespace Eigenscope.Experiments.Recipes;

/// <summary>The options of <c>ufm</c>, as a user gives them; <see cref="UfmRecipe"/> checks them all at once.</summary>
public sealed record UfmOptions
{
    /// <summary>K ≥ 2. Default 4.</summary>
    public int Classes { get; init; } = 4;

    /// <summary>n ≥ 1, samples of each class. Default 10.</summary>
    public int PerClass { get; init; } = 10;

    /// <summary>d of the features and of every hidden layer. Default 16.</summary>
    public int Width { get; init; } = 16;

    /// <summary>L ≥ 1, number of weight matrices. Default 3.</summary>
    public int Depth { get; init; } = 3;

    /// <summary>linear or relu, after every layer but the last. Default linear.</summary>
    public string Activation { get; init; } = "linear";

    /// <summary>Whether a ReLU acts on the features too, before the first layer. Default false.</summary>
    public bool RectifiedFeatures { get; init; }

    /// <summary>mse or cross-entropy. Default mse.</summary>
    public string Loss { get; init; } = "mse";

    /// <summary>Whether the last layer has a bias, which is not decayed. Default false.</summary>
    public bool Bias { get; init; }

    /// <summary>λ of ½ λ ‖W_l‖². Default 5e-3; 0 for cross-entropy only.</summary>
    public double WeightDecay { get; init; } = 5e-3;

    /// <summary>λ_H of ½ λ_H ‖H_1‖²; null takes <see cref="WeightDecay"/>.</summary>
    public double? FeatureDecay { get; init; }

    /// <summary>random, hadamard, dnc, low-rank or srg; see <c>UfmStart</c>. Default random.</summary>
    public string Start { get; init; } = "random";

    /// <summary>Factor on the entries of the start, &gt; 0. Default 1: random entries are N(0, 1/d).</summary>
    public double InitScale { get; init; } = 1.0;

    /// <summary>Independent starts of the first scale, ≥ 1; the one of lowest objective is reported. Default 1.</summary>
    public int Starts { get; init; } = 1;

    /// <summary>Further random starts of √2 larger scale each, ≥ 0, while the best run has a lower rank and a higher objective than the collapsed solution. Default 5.</summary>
    public int Restarts { get; init; } = 5;

    /// <summary>newton (L-BFGS, then Newton with conjugate gradients) or gradient-descent. Default newton.</summary>
    public string Optimizer { get; init; } = "newton";

    /// <summary>Step of gradient descent, &gt; 0, and for it only; null takes 0.2.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Iterations of the optimiser at most, ≥ 0; null takes 2000 of L-BFGS and 200 of Newton, or 3000 steps of gradient descent.</summary>
    public int? Iterations { get; init; }

    /// <summary>Norm of the objective's gradient at which Newton's method has converged, &gt; 0; null chooses by precision: 1e-10 in float64, 1e-5 in float32.</summary>
    public double? GradientTolerance { get; init; }

    /// <summary>Iterations between measurements, ≥ 1; 0 measures at the start and the end only; null after 10, 30, 100, 300, 1000 … iterations too.</summary>
    public int? MeasureEvery { get; init; }

    /// <summary>Number of largest eigenvalues of each operator, ≥ 1, where it is not solved densely; at least K² + 1 while that is at most 1,000, with more classes 3 K + 1. Default 20.</summary>
    public int Top { get; init; } = 20;

    /// <summary>Number of smallest eigenvalues of the full Hessian, ≥ 0. Default 0.</summary>
    public int Bottom { get; init; }

    /// <summary>Relative residual asked of every eigenpair, in (0, 1); null chooses by precision: 1e-9 in float64, 1e-5 in float32.</summary>
    public double? Tolerance { get; init; }
}
