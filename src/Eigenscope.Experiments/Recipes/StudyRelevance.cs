namespace Eigenscope.Experiments.Recipes;

/// <summary>
/// Which options of a study have anything to act on, given the others. An option is a value with a default, so that one left alone cannot be told from one given as it is by default: what differs from its default
/// and acts on nothing is refused, what does not differ is let pass, and neither is written down as used.
/// </summary>
internal sealed class StudyRelevance(StudyOptions options)
{
    private static readonly StudyOptions Standard = new();

    /// <summary>Number of weight matrices, and biases: of an mlp.</summary>
    public bool HasPerceptron => !StudyNetworks.IsConvolutional(options);

    /// <summary>Units of an mlp's hidden layers: with one layer there are none.</summary>
    public bool HasWidth => HasPerceptron && options.Depth != 1;

    /// <summary>Channels and the head's depth: of a convolutional network.</summary>
    public bool HasHead => !HasPerceptron;

    /// <summary>Units of the head's hidden layers and what lies between them.</summary>
    public bool HasHiddenHead => HasHead && StudyNetworks.HeadDepth(options) != 1;

    /// <summary>What follows every layer but the last: a single layer has nothing after it.</summary>
    public bool HasActivation => HasHead || HasWidth;

    /// <summary>Dropout, which follows hidden dense layers.</summary>
    public bool HasDropout => HasWidth || HasHiddenHead;

    /// <summary>What the squared error is measured against.</summary>
    public bool HasTargets => options.Loss is not "cross-entropy";

    /// <summary>Steps on batches, with a rate and its schedule; L-BFGS searches along lines, on all samples.</summary>
    public bool HasSteps => options.Optimizer is not "lbfgs";

    /// <summary>Smallest eigenvalues, which are those of the Hessian.</summary>
    public bool HasBottom => OperatorNames.Split(options.Operators).Contains(OperatorNames.Hessian, StringComparer.Ordinal);

    /// <summary>Scopes, densities, decay on diagonals: of the operators, unless there is none.</summary>
    public bool HasSpectra => !OperatorNames.IsNone(options.Operators);

    /// <summary>What eigensolvers are asked for: of a convolutional network AGOPs are iterated for whatever else is.</summary>
    public bool HasSolves => HasSpectra || HasHead;

    /// <summary>Notes every option that was given a value and acts on nothing.</summary>
    public void Check(OptionFaults faults)
    {
        CheckNetwork(faults);
        string lbfgs = "left out: --optimizer lbfgs searches along lines, on all samples at once";
        faults.Require(HasTargets || options.Targets == Standard.Targets, "--targets", "left out: it is what --loss mse is measured against", options.Targets);
        faults.Require(HasSteps || options.LearningRate is null, "--learning-rate", lbfgs, options.LearningRate);
        faults.Require(HasSteps || options.Schedule == Standard.Schedule, "--schedule", lbfgs, options.Schedule);
        faults.Require(HasSteps || options.BatchSize is null, "--batch-size", lbfgs, options.BatchSize);
        CheckSpectra(faults);
        faults.Require(HasBottom || options.Bottom == Standard.Bottom, "--bottom", "left out: it is of the Hessian, which --operators does not name", options.Bottom);
    }

    private void CheckSpectra(OptionFaults faults)
    {
        string none = $"left out: --operators {OperatorNames.None} measures no spectrum";
        faults.Require(HasSpectra || options.Scopes is null, "--scopes", none, options.Scopes ?? "");
        faults.Require(HasSolves || options.Top == Standard.Top, "--top", none, options.Top);
        faults.Require(HasSolves || options.Tolerance is null, "--tolerance", none, options.Tolerance);
        if (!HasSpectra && options.Density)
            faults.Add([$"--density must be {none}"]);
        if (!HasSpectra && options.IncludeWeightDecay)
            faults.Add([$"--include-weight-decay must be {none}"]);
    }

    private void CheckNetwork(OptionFaults faults)
    {
        string perceptron = $"left out: it is of --model {StudyNetworks.Mlp}";
        string hidden = HasPerceptron ? "left out: with --depth 1 there is no hidden layer" : "left out: with --head-depth 1 the head has no hidden layer";
        string head = HasPerceptron ? "left out: it is of a convolutional --model" : hidden;
        string width = HasPerceptron ? hidden : perceptron;
        faults.Require(HasWidth || options.Width == Standard.Width, "--width", width, options.Width);
        faults.Require(HasPerceptron || options.Depth == Standard.Depth, "--depth", perceptron, options.Depth);
        if (!HasPerceptron && !options.Biases)
            faults.Add([$"--no-biases must be {perceptron}"]);
        if (!HasHead && options.ConvolutionSpectrum)
            faults.Add([$"--convolution-spectrum must be {head}"]);
        faults.Require(HasHead || options.Channels is null, "--channels", head, options.Channels);
        faults.Require(HasHead || options.HeadDepth is null, "--head-depth", head, options.HeadDepth);
        faults.Require(HasHiddenHead || options.HeadWidth is null, "--head-width", head, options.HeadWidth);
        faults.Require(HasHiddenHead || options.HeadActivation == Standard.HeadActivation, "--head-activation", head, options.HeadActivation);
        faults.Require(HasActivation || options.Activation == Standard.Activation, "--activation", hidden, options.Activation);
        faults.Require(HasDropout || options.Dropout == Standard.Dropout, "--dropout", hidden, options.Dropout);
    }
}
