namespace Eigenscope.Experiments.Recipes;

/// <summary>The options of <c>study</c>, as a user gives them; <see cref="StudyRecipe"/> checks them all at once.</summary>
public sealed record StudyOptions
{
    /// <summary>A known name, a folder of IDX files, an .npz or a .csv. Default the embedded digits.</summary>
    public string Data { get; init; } = "digits";

    /// <summary>Whether the training labels are permuted by the seed, each class keeping its size: a baseline in which labels say nothing of inputs. Held-out labels stay. Default false.</summary>
    public bool ShuffleLabels { get; init; }

    /// <summary>Number of training samples, as evenly over the classes as they allow and drawn by the seed; null (default) takes all.</summary>
    public int? Samples { get; init; }

    /// <summary>Whether inputs are standardised with the training samples' statistics: each coordinate of flat data, each channel of images. Default false.</summary>
    public bool Standardize { get; init; }

    /// <summary>
    /// Number of training samples that everything but the training itself is measured on, as evenly over the classes as they allow and drawn by the seed; null (default) takes all for an mlp, at most
    /// 1,000 for a convolutional network.
    /// </summary>
    public int? MeasureSamples { get; init; }

    /// <summary>The architecture: mlp, vgg11, resnet8, resnet20, resnet18 or lenet5. Default mlp.</summary>
    public string Model { get; init; } = "mlp";

    /// <summary>Units of each hidden layer of an mlp, ≥ 1. Default 128.</summary>
    public int Width { get; init; } = 128;

    /// <summary>Number of weight matrices of an mlp, the last included, ≥ 1. Default 4.</summary>
    public int Depth { get; init; } = 4;

    /// <summary>Channels of a convolutional network's first stage, ≥ 1; null (default) takes the model's own: 16 for resnet8 and resnet20, 20 for lenet5, 64 for resnet18 and vgg11.</summary>
    public int? Channels { get; init; }

    /// <summary>Dense layers that end a convolutional network, ≥ 1; null (default) takes the model's own: 1, with a bias (a deeper head has none), of lenet5 2 with biases.</summary>
    public int? HeadDepth { get; init; }

    /// <summary>Units of each hidden layer of the head, ≥ 1; null (default) takes the model's own: 512, of lenet5 500.</summary>
    public int? HeadWidth { get; init; }

    /// <summary>Activation between the head's layers: relu, tanh, gelu or linear. Default relu.</summary>
    public string HeadActivation { get; init; } = "relu";

    /// <summary>relu, tanh, gelu or linear. Default relu.</summary>
    public string Activation { get; init; } = "relu";

    /// <summary>Whether dense layers have biases. Default true.</summary>
    public bool Biases { get; init; } = true;

    /// <summary>mse or cross-entropy. Default mse.</summary>
    public string Loss { get; init; } = "mse";

    /// <summary>one-hot or plus-minus-one; for mse only. Default one-hot.</summary>
    public string Targets { get; init; } = "one-hot";

    /// <summary>λ of ½ λ ‖W‖² on every weight (biases are not decayed), ≥ 0. Default 5e-4.</summary>
    public double WeightDecay { get; init; } = 5e-4;

    /// <summary>How weights start: lecun-normal (standard deviation 1/√fan-in) or xavier-uniform (±√(6/(fan-in + fan-out)), the last layer ±1/√fan-in whatever the scale). Default lecun-normal.</summary>
    public string Init { get; init; } = "lecun-normal";

    /// <summary>Factor on the initial weights, &gt; 0: of xavier-uniform the gain of all layers but the last. Default 1.</summary>
    public double InitScale { get; init; } = 1.0;

    /// <summary>sgd, adam or lbfgs. Default sgd.</summary>
    public string Optimizer { get; init; } = "sgd";

    /// <summary>Learning rate, &gt; 0; null chooses by loss, depth and optimiser (see <see cref="StudyRecipe"/>).</summary>
    public double? LearningRate { get; init; }

    /// <summary>cosine, steps or constant. Default cosine, after a short warm-up.</summary>
    public string Schedule { get; init; } = "cosine";

    /// <summary>Samples of a mini-batch, ≥ 1, or 0 for all at once; null (default) takes 64 for an mlp, 128 for a convolutional network.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Share of the target that is spread evenly over all classes while training, in [0, 1). Default 0. Measurements use the plain targets.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>none, flip, crop or crop-flip: random changes of images while training (crops after padding by 4). Default none. Measurements use the images as they are.</summary>
    public string Augment { get; init; } = "none";

    /// <summary>Share of hidden units dropped in every training step after each hidden dense layer, in [0, 1). Default 0. Measurements drop none.</summary>
    public double Dropout { get; init; }

    /// <summary>Passes over the data, ≥ 0; null chooses by loss.</summary>
    public int? Epochs { get; init; }

    /// <summary>Measure every so many epochs, ≥ 1; 0 measures at the start and the end only; null measures once on the way, in the middle.</summary>
    public int? MeasureEvery { get; init; }

    /// <summary>Share of each class held out for testing, in [0, 1). Default 0: measure on all of it. Data that brings its own test set keeps it.</summary>
    public double TestFraction { get; init; }

    /// <summary>Times that training may start again, ≥ 0: with a √2 larger initial scale after a run whose class-mean logits have a lower rank than the network allows, with a quarter of the learning rate after one that diverged. Default 5.</summary>
    public int Restarts { get; init; } = 5;

    /// <summary>Number of largest eigenvalues of each operator, ≥ 1; of an mlp at least K² + 1 of them while that is at most 1,000, with more classes 3 K + 1. Default 20.</summary>
    public int Top { get; init; } = 20;

    /// <summary>Operators on all parameters that are measured at the end, by commas: hessian, gauss-newton, fisher, empirical-fisher, gradient-covariance. Or none: then no spectrum of a Hessian or its like is measured, of layers neither, and nothing that needs one. Default "hessian,gauss-newton".</summary>
    public string Operators { get; init; } = "hessian,gauss-newton";

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

    /// <summary>Whether the singular values of every convolution as a map on its circular grid are computed at the end. Default false.</summary>
    public bool ConvolutionSpectrum { get; init; }

    /// <summary>Memory for activations and Jacobians kept between products, such as "4GB" or "512MB"; null (default) takes 4 GB, and 1 GB for a layer's Jacobians. Beyond it they are computed again.</summary>
    public string? Memory { get; init; }

    /// <summary>Number of smallest eigenvalues of the full Hessian, ≥ 0. Default 0.</summary>
    public int Bottom { get; init; }

    /// <summary>Relative residual asked of every eigenpair, in (0, 1); null chooses by precision: 1e-8 in float64, 1e-5 in float32, whose products carry rounding of about 1e-7.</summary>
    public double? Tolerance { get; init; }
}
