using Eigenscope.Experiments.Models;
using Eigenscope.Learning.Data;
using Eigenscope.Learning.Derivatives;
using Eigenscope.Learning.Losses;

namespace Eigenscope.Experiments.Recipes;

/// <summary>A checked compression: the model, and which samples play which part.</summary>
internal sealed record CompressPlan
{
    public required CompressOptions Options { get; init; }

    public required CompressibleModel Model { get; init; }

    /// <summary>The name or path that was read.</summary>
    public required string DataName { get; init; }

    /// <summary>The samples as they enter the network.</summary>
    public required DataSplit Data { get; init; }

    /// <summary>What the search looks at: a part of the training samples; null where nothing is searched for.</summary>
    public required Dataset? Validation { get; init; }

    /// <summary>Whether the training samples are, bit by bit, those that the model was trained on; null where nobody knows.</summary>
    public required bool? IsTrainingData { get; init; }

    /// <summary>Whether the samples held out are some that were set aside here, from data that has none of its own and is not the model's.</summary>
    public required bool IsSetAside { get; init; }

    public required Loss Loss { get; init; }

    public required ObjectiveOptions Objective { get; init; }

    /// <summary>What a reader of the results should know of how model and samples were read, in sentences.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What accuracies are measured on: the held-out samples, or without any the training samples themselves.</summary>
    public Dataset Measured => Data.Test ?? Data.Train;

    /// <summary>How ranks are chosen: max-accuracy-drop, energy, rank or theory.</summary>
    public string Rule => Options switch
    {
        { Rank: not null } => "rank",
        { Energy: not null } => "energy",
        { Theory: true } => "theory",
        _ => "max-accuracy-drop",
    };

    /// <summary>By how much accuracy may fall, where that is how ranks are chosen.</summary>
    public double AllowedDrop => Options.MaxAccuracyDrop ?? CompressRecipe.UsualDrop;

    /// <summary>
    /// Whether a collapsed network's class means are a simplex about their mean, and not an orthogonal frame: of the cross-entropy, which does not see a shift of all logits, and of the mean squared error where a last bias, which is not
    /// decayed, carries that mean.
    /// </summary>
    public bool IsCentred => Model.Loss is "cross-entropy" || Model.Network.WeightLayers[^1].Bias is not null;

    /// <summary>
    /// The rank that every weight has in a collapsed network: K − 1 where class means are centred, else K. A prediction of the deep unconstrained feature model at its optimum, and of a trained network only as far as it has collapsed.
    /// </summary>
    public int PredictedRank => IsCentred ? Data.Train.ClassCount - 1 : Data.Train.ClassCount;
}
