namespace Eigenscope.Experiments.Recipes;

/// <summary>The options of <c>compress</c>, as a user gives them; <see cref="CompressRecipe"/> checks them all at once. At most one of <see cref="Rank"/>, <see cref="Energy"/>, <see cref="Theory"/> and <see cref="MaxAccuracyDrop"/> says how ranks are chosen.</summary>
public sealed record CompressOptions
{
    /// <summary>An ONNX model, a file that <c>study --save</c> wrote, or the identity of a run of a sweep, or the first digits of it.</summary>
    public string Model { get; init; } = "";

    /// <summary>Folder of the store of runs, where the model is that of a run; null takes <c>store</c> under the home folder.</summary>
    public string? Store { get; init; }

    /// <summary>A known name or a path; null (default) takes the data that the model was trained on, which an ONNX model does not say.</summary>
    public string? Data { get; init; }

    /// <summary>The same rank for every layer, ≥ 1.</summary>
    public int? Rank { get; init; }

    /// <summary>Share of Σσ² that every layer keeps, in (0, 1].</summary>
    public double? Energy { get; init; }

    /// <summary>Whether every layer gets the rank that the theory of neural collapse predicts.</summary>
    public bool Theory { get; init; }

    /// <summary>By how much accuracy may fall, in [0, 1), for which the ranks of fewest parameters are searched; null takes <see cref="CompressRecipe.UsualDrop"/> where nothing else says how ranks are chosen.</summary>
    public double? MaxAccuracyDrop { get; init; }

    /// <summary>Share of each class of the training samples that the search looks at, in (0, 1). Null takes a fifth, of more than 25,000 samples 5,000.</summary>
    public double? ValidationFraction { get; init; }

    /// <summary>Epochs of training the factors after the cut, ≥ 0. Default 0.</summary>
    public int FineTuneEpochs { get; init; }

    /// <summary>Learning rate of that training, &gt; 0; null takes a tenth of the one that the model was trained with, which an ONNX model does not say.</summary>
    public double? LearningRate { get; init; }

    /// <summary>cross-entropy or mse, of an ONNX model: what it was trained with. Null (default) takes cross-entropy, and of other models what they say.</summary>
    public string? Loss { get; init; }

    /// <summary>λ of ½ λ ‖W‖² while the factors of an ONNX model are trained, ≥ 0. Null (default) takes 0, and of other models what they were trained with.</summary>
    public double? WeightDecay { get; init; }
}
