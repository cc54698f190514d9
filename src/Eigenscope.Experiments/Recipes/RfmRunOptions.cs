namespace Eigenscope.Experiments.Recipes;

/// <summary>The options of <c>rfm</c>, as a user gives them; <see cref="RfmRecipe"/> checks them all at once.</summary>
public sealed record RfmRunOptions
{
    /// <summary>A known name or a path. Default digits.</summary>
    public string Data { get; init; } = "digits";

    /// <summary>Whether targets are real numbers (the last column of a CSV file, y of an NPZ file), not classes. Default false.</summary>
    public bool Regression { get; init; }

    /// <summary>The first so many samples, ≥ 1, before any are held out; null takes all.</summary>
    public int? Samples { get; init; }

    /// <summary>The first so many test samples, ≥ 1; null takes all.</summary>
    public int? TestSamples { get; init; }

    /// <summary>Share of each class held out for testing, in [0, 1); null takes a fifth where the data has no test set of its own.</summary>
    public double? TestFraction { get; init; }

    /// <summary>Share of each class set aside for choosing the iteration, in [0, 1). Default 0: the last one is taken.</summary>
    public double ValidationFraction { get; init; }

    /// <summary>Iterations without a lower validation error before it ends early, ≥ 1, with a validation fraction only; null never ends early.</summary>
    public int? Patience { get; init; }

    /// <summary>Whether each coordinate is shifted and scaled by the training samples' mean and unbiased deviation. Default false.</summary>
    public bool Standardize { get; init; }

    /// <summary>one-hot or plus-minus-one: what a class becomes. Default one-hot.</summary>
    public string Targets { get; init; } = "one-hot";

    /// <summary>Updates of the metric after the first fit, ≥ 0. Default 5.</summary>
    public int Iterations { get; init; } = 5;

    /// <summary>The kernel machine.</summary>
    public KernelMachineOptions Machine { get; init; } = new();

    /// <summary>A saved machine that is scored instead of fitting one, or null.</summary>
    public string? Load { get; init; }
}
