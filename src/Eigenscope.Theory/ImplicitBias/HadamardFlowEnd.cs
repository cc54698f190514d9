namespace Eigenscope.Theory.ImplicitBias;

/// <summary>Where <see cref="HadamardFlow"/> ended.</summary>
public sealed record HadamardFlowEnd
{
    /// <summary>t: of the gradient flow of the mean loss.</summary>
    public required double Time { get; init; }

    /// <summary>Mean cross-entropy.</summary>
    public required double Loss { get; init; }

    /// <summary>s_i of every weight matrix, i = 0 … K − 1 in the order of the start.</summary>
    public required IReadOnlyList<double> Sizes { get; init; }

    /// <summary>Singular values of the class-mean logits, h_i s_i^L, in the same order; the first is of the constant, which the loss does not see.</summary>
    public required IReadOnlyList<double> LogitSingularValues { get; init; }

    /// <summary>exp of the entropy of the singular values without the first, divided by their sum: K − 1 at collapse.</summary>
    public required double EffectiveRank { get; init; }

    /// <summary>Steps taken.</summary>
    public required int Steps { get; init; }

    /// <summary>Sum of the estimated local errors of all steps: of sizes, absolute up to 1, relative above it (of the time, relative).</summary>
    public required double ErrorEstimate { get; init; }
}
