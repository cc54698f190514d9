namespace Eigenscope.Learning.Training;

/// <summary>Settings of an optimiser; the type says which.</summary>
public abstract record OptimizerOptions
{
    private protected OptimizerOptions()
    {
    }
}

/// <summary>Stochastic gradient descent with heavy-ball momentum: v ← μ v + g, θ ← θ − η v.</summary>
public sealed record SgdOptions : OptimizerOptions
{
    /// <summary>η &gt; 0. Default 0.1.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>μ in [0, 1). Default 0.9.</summary>
    public double Momentum { get; init; } = 0.9;
}

/// <summary>Adam (Kingma and Ba, 1412.6980), bias-corrected. Weight decay enters through the gradient.</summary>
public sealed record AdamOptions : OptimizerOptions
{
    /// <summary>η &gt; 0. Default 1e-3.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Decay of the mean, in [0, 1). Default 0.9.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the mean square, in [0, 1). Default 0.999.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>ε &gt; 0. Default 1e-8.</summary>
    public double Epsilon { get; init; } = 1e-8;
}

/// <summary>Limited-memory BFGS (Nocedal and Wright, Algorithm 7.5) with a strong-Wolfe line search, on all samples at once.</summary>
public sealed record LbfgsOptions : OptimizerOptions
{
    /// <summary>Pairs kept, ≥ 1. Default 20.</summary>
    public int History { get; init; } = 20;

    /// <summary>Stops when the objective's gradient norm is at most this, ≥ 0. Default 1e-10.</summary>
    public double GradientTolerance { get; init; } = 1e-10;
}
