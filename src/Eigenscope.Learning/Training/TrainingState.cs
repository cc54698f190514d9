namespace Eigenscope.Learning.Training;

/// <summary>Everything that training goes on from: the same state, options and data give the same bits as if it had never stopped.</summary>
public sealed record TrainingState
{
    /// <summary>The network's state: the flat parameter vector, then the statistics its layers keep (<see cref="Networks.Network.StateLength"/> entries).</summary>
    public required double[] Parameters { get; init; }

    /// <summary>Whole epochs done.</summary>
    public required int Epoch { get; init; }

    /// <summary>Batches done in the epoch that is under way, in its own order.</summary>
    public required int Batch { get; init; }

    /// <summary>The optimiser's memory, by name; empty before the first step.</summary>
    public required IReadOnlyDictionary<string, double[]> Optimizer { get; init; }

    /// <summary>The state before the first step.</summary>
    /// <param name="parameters">Initial parameters and statistics, as <see cref="Networks.Network.Initialize"/> gives them; kept, not copied.</param>
    /// <returns>Epoch 0, no memory.</returns>
    public static TrainingState Initial(double[] parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new TrainingState { Parameters = parameters, Epoch = 0, Batch = 0, Optimizer = new Dictionary<string, double[]>(StringComparer.Ordinal) };
    }
}
