namespace Eigenscope.Experiments.Recipes;

/// <summary>The options of <c>analyze</c>, as a user gives them; <see cref="AnalyzeRecipe"/> checks them all at once.</summary>
public sealed record AnalyzeOptions
{
    /// <summary>The trained network: a file, or the identity of a run in the store.</summary>
    public string Model { get; init; } = "";

    /// <summary>Folder of the store of runs, for an identity; null takes the one under the home folder.</summary>
    public string? Store { get; init; }

    /// <summary>The architecture that <see cref="Model"/> holds the weights of: mlp, vgg11, resnet8, resnet20, resnet18 or lenet5, with the options below; null for a file that says what network it is.</summary>
    public string? Architecture { get; init; }

    /// <summary>Units of each hidden layer of an mlp; null takes 128.</summary>
    public int? Width { get; init; }

    /// <summary>Number of weight matrices of an mlp, the last included; null takes 4.</summary>
    public int? Depth { get; init; }

    /// <summary>relu, tanh, gelu or linear; null takes relu.</summary>
    public string? Activation { get; init; }

    /// <summary>Whether the dense layers of an mlp have biases. Default true.</summary>
    public bool Biases { get; init; } = true;

    /// <summary>Channels of a convolutional network's first stage; null takes the model's own.</summary>
    public int? Channels { get; init; }

    /// <summary>Dense layers that end a convolutional network; null takes the model's own.</summary>
    public int? HeadDepth { get; init; }

    /// <summary>Units of each hidden layer of the head; null takes the model's own.</summary>
    public int? HeadWidth { get; init; }

    /// <summary>Activation between the head's layers; null takes relu.</summary>
    public string? HeadActivation { get; init; }

    /// <summary>Number of logits of the architecture; null takes it from the labels.</summary>
    public int? Classes { get; init; }

    /// <summary>A JSON object from names in the file of weights to names of the architecture; null where they are the same.</summary>
    public string? Names { get; init; }

    /// <summary>What to measure on, exactly as given: a known name, a folder, an .npz (x, y) or a .csv; null takes the samples that a saved study measured.</summary>
    public string? Data { get; init; }

    /// <summary>Measure on the first so many samples, ≥ 1; null (default) takes all.</summary>
    public int? Samples { get; init; }

    /// <summary>Whether each coordinate of flat data, each channel of images is shifted and scaled to mean 0 and variance 1. Default false.</summary>
    public bool Standardize { get; init; }

    /// <summary>cross-entropy or mse; null takes that of a saved study, and is refused for a model of others.</summary>
    public string? Loss { get; init; }

    /// <summary>one-hot or plus-minus-one: what mse measures classes against; null takes that of a saved study, else one-hot.</summary>
    public string? Targets { get; init; }

    /// <summary>λ of ½ λ ‖W‖² on every weight, ≥ 0; null takes that of a saved study, else 0.</summary>
    public double? WeightDecay { get; init; }

    /// <summary>Number of largest eigenvalues of each operator, ≥ 1; null takes 20, and at least K² + 1 while that is at most 1,000 (with more classes 3 K + 1), of a convolutional network at least K + 1.</summary>
    public int? Top { get; init; }

    /// <summary>Number of smallest eigenvalues of the full Hessian, ≥ 0. Default 0.</summary>
    public int Bottom { get; init; }

    /// <summary>What is measured, by commas: hessian, gauss-newton, fisher, empirical-fisher, gradient-covariance over all parameters, and layers, the Hessian of every layer's weight; or none. Default all.</summary>
    public string Operators { get; init; } = "hessian,gauss-newton,fisher,empirical-fisher,gradient-covariance,layers";

    /// <summary>Further scopes for these operators, by commas: names of parameters or layers, or patterns with * and ? over parameter names. Default none.</summary>
    public string? Scopes { get; init; }

    /// <summary>Whether λ of the weight decay is added to the operators' diagonals. Default false.</summary>
    public bool IncludeWeightDecay { get; init; }

    /// <summary>Whether the spectral density of each operator on all parameters is estimated. Default false.</summary>
    public bool Density { get; init; }

    /// <summary>p of the neural feature ansatz WᵀW ∝ AGOP^p, &gt; 0. Default ½.</summary>
    public double NfaExponent { get; init; } = 0.5;

    /// <summary>Whether AGOPs, and the ansatz with them, are about the mean Jacobian. Default false.</summary>
    public bool AgopCentred { get; init; }

    /// <summary>Whether the singular values of every convolution as a map on its circular grid are computed. Default false.</summary>
    public bool ConvolutionSpectrum { get; init; }

    /// <summary>Samples that one thread walks at a time, ≥ 1; null chooses by the network. It changes memory and time, and numbers only by rounding.</summary>
    public int? Batch { get; init; }

    /// <summary>Memory for activations and Jacobians kept between products, such as "4GB" or "512MB"; null takes 5 GB. Beyond it they are computed again.</summary>
    public string? Memory { get; init; }

    /// <summary>Relative residual asked of every eigenpair, in (0, 1); null chooses by precision: 1e-8 in float64, 1e-5 in float32.</summary>
    public double? Tolerance { get; init; }

    /// <summary>Whether the ± of eigenvalues that takes solves over halves of the samples is left out. Default false.</summary>
    public bool NoHalves { get; init; }

    /// <summary>Whether average gradient outer products at the inputs of convolutions and of layers at several positions are left out: for large networks with many logits they cost more than all else. Default false.</summary>
    public bool NoAgop { get; init; }
}
