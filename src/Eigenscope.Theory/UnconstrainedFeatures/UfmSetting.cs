namespace Eigenscope.Theory.UnconstrainedFeatures;

/// <summary>
/// A deep linear unconstrained feature model: the free features H₁ (d × N, N = K·n, n columns a class) go through L matrices, W₁ … W_{L−1} (d × d) and
/// W_L (K × d), and the loss is <c>ℒ = data loss + ½λ Σ‖W_l‖² + ½λ_H ‖H₁‖²</c>. Whatever takes a setting checks it, and names all that is wrong with it at once.
/// </summary>
public sealed record UfmSetting
{
    /// <summary>K ≥ 2, the number of classes.</summary>
    public required int Classes { get; init; }

    /// <summary>n ≥ 1, samples of every class.</summary>
    public required int PerClass { get; init; }

    /// <summary>d, width of the features and of the hidden layers; at least K, or K − 1 where the optimum has rank K − 1 (a last bias, or cross-entropy).</summary>
    public required int Width { get; init; }

    /// <summary>L ≥ 1, the number of weight matrices.</summary>
    public required int Depth { get; init; }

    /// <summary>λ &gt; 0, the decay of every weight matrix.</summary>
    public required double WeightDecay { get; init; }

    /// <summary>λ_H &gt; 0, the decay of the features.</summary>
    public required double FeatureDecay { get; init; }

    /// <summary>The data loss.</summary>
    public UfmLoss Loss { get; init; } = UfmLoss.MeanSquaredError;

    /// <summary>Whether a bias, which is not decayed, is added to the logits.</summary>
    public bool LastBias { get; init; }

    /// <summary>K, or K − 1 where the collapsed logits have mean zero over the classes.</summary>
    internal int CollapsedRank => IsCentred ? Classes - 1 : Classes;

    /// <summary>Whether the class means form a simplex (sum zero) and not an orthogonal frame.</summary>
    internal bool IsCentred => LastBias || Loss == UfmLoss.CrossEntropy;

    /// <summary>N, the number of samples.</summary>
    internal long Samples => (long)Classes * PerClass;

    /// <summary>Number of entries of all weight matrices.</summary>
    internal long Weights => ((Depth - 1L) * Width * Width) + ((long)Classes * Width);

    /// <summary>c = √(λ/(n λ_H)): the class means of H₁ have singular value c·s.</summary>
    internal double BalanceRoot => Math.Sqrt(WeightDecay / FeatureDecay / PerClass);
}
