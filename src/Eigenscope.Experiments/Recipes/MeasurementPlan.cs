using Eigenscope.Analysis.Spectra;
using Eigenscope.Experiments.Reports;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Features;
using Eigenscope.Learning.Networks;
using Eigenscope.Learning.Training;

namespace Eigenscope.Experiments.Recipes;

/// <summary>What measuring a network needs to know of it and of what is asked, whoever trained it and however.</summary>
internal sealed record MeasurementPlan
{
    /// <summary>Resamplings behind the doubt of NC1 of a subset.</summary>
    public const int Replicates = 100;

    /// <summary>Operators of so many dimensions are always solved densely.</summary>
    private const int AlwaysDense = 1000;
    private const int ManyClasses = 20;
    private const int LargestBlock = 128;

    /// <summary>Relative residual asked of the within-class part's eigenvalues where products are costly: enough to see where the part stands beside the others.</summary>
    private const double CostlyTolerance = 1e-3;
    private readonly bool? _layerHessians;

    /// <summary>The network whose layers and Hessians are measured.</summary>
    public required Network Network { get; init; }

    /// <summary>The decay that the objective has.</summary>
    public required WeightDecay Decay { get; init; }

    /// <summary>Class of each sample.</summary>
    public required int[] Labels { get; init; }

    /// <summary>K; without classes the number of outputs.</summary>
    public required int Classes { get; init; }

    /// <summary>Why nothing can be measured that rests on classes (collapse, class means and what they predict, parts of the Gauss–Newton matrix); null, the default, where it can.</summary>
    public string? NoClasses { get; init; }

    /// <summary>Pairs wanted of a layer's Hessian and of the full one.</summary>
    public required int Pairs { get; init; }

    /// <summary>Smallest eigenvalues wanted of the full Hessian.</summary>
    public required int Bottom { get; init; }

    /// <summary>Relative residual asked of every eigenpair of the final measurement.</summary>
    public required double Tolerance { get; init; }

    /// <summary>
    /// Share of the training samples that is measured, of the class of which it is smallest: below 1, NC1 and the top eigenvalues carry the doubt that comes of it. 0 where the whole is a population without end. Default 1.
    /// </summary>
    public double MeasuredShare { get; init; } = 1.0;

    /// <summary>What the samples measured are a part of, in words. Default all training samples.</summary>
    public string Whole { get; init; } = SubsetErrors.TrainingSamples;

    /// <summary>Whether the samples measured are a part of something, and have classes by which their doubt is taken.</summary>
    public bool IsSubset => MeasuredShare < 1.0 && NoClasses is null;

    /// <summary>Whether eigenvalues whose doubt takes solves over halves of the samples carry it. Default true.</summary>
    public bool HasHalves { get; init; } = true;

    /// <summary>Whether average gradient outer products are measured at the inputs of convolutions and of layers at several positions.</summary>
    public bool HasLargeAgops { get; init; } = true;

    /// <summary>The form of the AGOP that the neural feature ansatz compares with weights: AGOPs are centred as it says, and its exponent is the ansatz's. Default the root of the plain one.</summary>
    public AgopForm Ansatz { get; init; } = new() { Exponent = 0.5 };

    /// <summary>Whether any spectrum of a Hessian or its like is measured, along training and at the end; without one the layers' Hessians are left out too, and the parts of Gauss–Newton matrices.</summary>
    public bool HasSpectra => Operators.Count > 0 || LayerHessians;

    /// <summary>Whether the Hessian of every layer's weight is measured. Default wherever operators are.</summary>
    public bool LayerHessians
    {
        get => _layerHessians ?? Operators.Count > 0;
        init => _layerHessians = value;
    }

    /// <summary>Whether the parts of the Gauss–Newton matrices are measured at the end: where classes make them, and the matrix of the network or those of its layers were asked for. They cost as much as spectra do.</summary>
    public bool HasParts => NoClasses is null && (LayerHessians || Operators.Any(static name => name is OperatorNames.GaussNewton or OperatorNames.Fisher));

    /// <summary>Operators measured at the end on all parameters and on <see cref="Scopes"/>, by name. Default Hessian and Gauss–Newton matrix.</summary>
    public IReadOnlyList<string> Operators { get; init; } = [OperatorNames.Hessian, OperatorNames.GaussNewton];

    /// <summary>Scopes beside all parameters and every layer's weight. Default none.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Whether the decay's λ is added to the operators' diagonals. Default false.</summary>
    public bool IncludesWeightDecay { get; init; }

    /// <summary>Whether the density of the operators on all parameters is estimated at the end. Default false.</summary>
    public bool Density { get; init; }

    /// <summary>Whether the singular values of convolutions as maps on their circular grids are computed at the end. Default false.</summary>
    public bool ConvolutionSpectrum { get; init; }

    /// <summary>
    /// Whether a product with the network costs seconds, not milliseconds, as with a convolutional one. Then layer Hessians are measured at the end only, K + 1 pairs of the full one along training; operators
    /// of more than <see cref="AlwaysDense"/> dimensions are iterated for and not solved densely, traces are estimated, gradients of single samples are never formed, and the within-class part is iterated for in the whole network only. Default false.
    /// </summary>
    public bool HasCostlyProducts { get; init; }

    /// <summary>Pairs wanted along training.</summary>
    public int PairsAlongTraining => HasCostlyProducts ? Math.Min(Pairs, Classes + 1) : Pairs;

    /// <summary>Dimension up to which an operator is solved densely; −1 leaves it to the solver, which takes a product to be cheap.</summary>
    public int DenseLimit => HasCostlyProducts ? AlwaysDense : -1;

    /// <summary>How the parts of the Gauss–Newton matrix are computed.</summary>
    public PapyanOptions Parts => HasCostlyProducts
        ? new PapyanOptions { GramLimit = 0, ExactTraceEntries = 0, Tolerance = CostlyTolerance, IteratedScopes = [ParameterScope.AllName] }
        : new PapyanOptions();

    /// <summary>
    /// Vectors per block of an iterative solve; 0 leaves it to the solver. Eigenvalues come in K copies where the last layer's Hessian is the same block for every class, and a Krylov space holds
    /// as many copies as its block has vectors: with many classes the block is K wide.
    /// </summary>
    public int BlockSize => BlockFor(Math.Min(Classes, Pairs));

    /// <summary>The operators to measure on a scope: the Hessian of a layer's weight is measured without being asked for, and not again.</summary>
    public IEnumerable<string> OperatorsOn(string scope)
    {
        bool isWeight = LayerHessians && Network.WeightLayers.Any(layer => string.Equals(layer.Weight.Name, scope, StringComparison.Ordinal));
        return isWeight ? Operators.Where(static name => name is not OperatorNames.Hessian) : Operators;
    }

    /// <summary><see cref="BlockSize"/> for so many classes.</summary>
    public static int BlockFor(int classes) => classes < ManyClasses ? 0 : Math.Min(classes, LargestBlock);
}
